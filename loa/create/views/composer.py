"""The composer: show it, save it, and do what its buttons say."""

from dataclasses import replace
from typing import BinaryIO, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.content.actions import link_checks
from loa.content.models import Post, Revision
from loa.content.rules.revisions import PostState
from loa.create import actions, forms
from loa.create.queries.composer import compose
from loa.create.rules.editing import UnknownOrder, carry_out
from loa.create.views import sending
from loa.create.views.answering import Setback, answer, context_of
from loa.library import wording as library_wording
from loa.library.actions import keep_upload
from loa.web import toasts, uploads
from loa.web.fragments import render_parts
from loa.workspace.access import LoaRequest, requires

SETBACKS = (
    actions.ConflictingEdit,
    actions.PostDeleted,
    actions.AlreadyOut,
    actions.TooMuch,
    UnknownOrder,
)
CHECK_LINKS = "check-links"
# Orders that change nothing of what is written.
QUIET = frozenset({"", "save", "channels", "tab", CHECK_LINKS, *sending.ORDERS})


@require_GET
@requires("can_compose")
def show_composer(request: LoaRequest) -> HttpResponse:
    """Show an empty composer; nothing is kept before something is written."""
    chosen = [int(one) for one in request.GET.getlist("channel") if one.isdecimal()]
    state = PostState(language=request.workspace.language, own=dict.fromkeys(chosen))
    composer = compose(request.workspace, state=state)
    if not chosen:
        every = {seat.channel.pk: None for seat in composer.seats if seat.connector}
        composer = compose(request.workspace, state=replace(state, own=every))
    typed_time = request.GET.get("at", "")[:16]
    return render(
        request, "create/composer.html", context_of(request, composer, typed_time=typed_time)
    )


@require_GET
@requires("can_view")
def show_post(request: LoaRequest, post_id: int) -> HttpResponse:
    """Show a post: to those who write, in the composer; to others, as its readers will see it."""
    post = find_post(request, post_id)
    composer = compose(request.workspace, post=post, here=request.GET.get("tab", ""))
    writes = request.member.may("can_compose") and post.deleted_at is None
    template = "create/composer.html" if writes else "create/post.html"
    return render(request, template, context_of(request, composer))


@require_GET
@requires("can_compose")
def show_checks(request: LoaRequest, post_id: int) -> HttpResponse:
    """Give what checks say of the kept post now, for a page that has it open."""
    composer = compose(request.workspace, post=find_post(request, post_id))
    context = {**context_of(request, composer), "oob": True}
    return render_parts(request, "create/composer/checked.html", context=context)


@require_POST
@requires("can_compose")
def save_post(request: LoaRequest) -> HttpResponseBase:
    """Keep what a composer sent, then do what its button says."""
    sent = forms.read(request.POST)
    post = find_post(request, sent.post_id) if sent.post_id else None
    if uploads.too_large(request):
        return answer(request, sent, post, setback=Setback(library_wording.too_large()))
    sent = _with_uploads(request, sent)
    try:
        saved = _save(request, post, sent)
    except SETBACKS as error:
        return answer(request, sent, post, setback=_setback(error))
    if saved and sent.order in sending.ORDERS:
        return sending.carry_out(request, saved, sent=sent)
    if saved and sent.order == CHECK_LINKS:
        link_checks.ask_about_post(saved)
    if post and sent.order.startswith("drop-"):
        _offer_back(request, post, sent)
    return answer(request, sent, saved)


def _offer_back(request: LoaRequest, post: Post, sent: forms.Sent) -> None:
    """Tell that something was removed, with a way back to the state that had it."""
    before = post.revisions.filter(kind=Revision.Kind.SAVED, number=sent.base_revision).first()
    if before is None:
        return
    undo = reverse("create:restore-revision", args=[request.workspace.slug, post.pk, before.pk])
    toasts.tell_with_undo(request, _("Removed."), undo_url=undo)


def _setback(error: Exception) -> Setback:
    match error:
        case actions.ConflictingEdit():
            return Setback(aside=error.aside)
        case actions.PostDeleted():
            return Setback(_("This post was deleted. What you typed is still on this page."))
        case actions.AlreadyOut():
            words = _("%(channel)s has gone out: its text stands. All else is still on this page.")
            return Setback(words % {"channel": error.channel})
    return Setback(_("That is more than one post can hold. It is all still on this page."))


def find_post(request: LoaRequest, post_id: int) -> Post:
    """Return a post of the workspace, or answer 404."""
    return get_object_or_404(
        Post.objects.in_workspace(request.workspace)
        .select_related("workspace", "written_by__user", "review_asked_by__user", "campaign")
        .prefetch_related("variants"),
        pk=post_id,
    )


def _save(request: LoaRequest, post: Post | None, sent: forms.Sent) -> Post | None:
    """Return the saved post; None while a new one has nothing in it worth keeping."""
    state = sent.state
    if sent.order.partition(":")[0] not in QUIET:
        state = carry_out(state, sent.order)
    if post is not None:
        return actions.save_post(
            post,
            base_revision=sent.base_revision,
            state=state,
            by=request.member,
            tab=sent.tab,
        )
    documents = [state.shared, *(one for one in state.own.values() if one)]
    if all(one.is_empty for one in documents) and not state.title.strip():
        return None
    return actions.create_post(request.member, state=state, tab=sent.tab)


def _with_uploads(request: LoaRequest, sent: forms.Sent) -> forms.Sent:
    """Take in files that came with the form itself, as they do without scripts."""
    state = sent.state
    for field in request.FILES:
        name, _dot, rest = field.partition(".p")
        for file in request.FILES.getlist(field):
            try:
                content = cast("BinaryIO", file)
                asset = keep_upload(content, filename=file.name or "", by=request.member)
                place = rest.removesuffix(".files")
                state = carry_out(state, f"attach:{name}:{place}:{asset.pk}")
            except library_wording.REFUSED as error:
                toasts.warn(request, library_wording.refusal(error, filename=file.name or ""))
            except UnknownOrder:
                continue
    return replace(sent, state=state)
