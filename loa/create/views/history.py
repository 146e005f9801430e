"""What a post used to say: its history, what differs, and two edits put together."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.content.models import Revision
from loa.content.rules.revisions import merge
from loa.create import actions
from loa.create.queries.history import clashes_of, history_of, names_for
from loa.create.views.composer import find_post
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_view")
def show_history(request: LoaRequest, post_id: int) -> HttpResponse:
    """Show the kept states of a post, each with what it changed."""
    post = find_post(request, post_id)
    steps = history_of(post)
    context = {
        "post": post,
        "steps": steps,
        "names": names_for(post),
        "may_restore": request.member.may("can_compose") and post.deleted_at is None,
    }
    return render(request, "create/history.html", context)


@require_POST
@requires("can_compose")
def restore_revision(request: LoaRequest, post_id: int, revision_id: int) -> HttpResponseBase:
    """Make the post say again what it said then."""
    post = find_post(request, post_id)
    before = post.revisions.filter(kind=Revision.Kind.SAVED, number=post.revision).first()
    revision = get_object_or_404(
        Revision.objects.in_workspace(request.workspace), pk=revision_id, post=post
    )
    try:
        actions.restore_revision(post, revision=revision, by=request.member)
    except actions.AlreadyOut as error:
        words = _("%(channel)s has gone out with its text, so that state cannot come back.")
        toasts.warn(request, words % {"channel": error.channel})
    except actions.PostDeleted:
        toasts.warn(request, _("The post is deleted. Restore it first."))
    else:
        undo = before and reverse(
            "create:restore-revision", args=[request.workspace.slug, post.pk, before.pk]
        )
        if undo:
            toasts.tell_with_undo(request, _("Restored."), undo_url=undo)
    return redirect("create:post", workspace_slug=request.workspace.slug, post_id=post.pk)


@require_http_methods(["GET", "POST"])
@requires("can_compose")
def merge_edits(request: LoaRequest, post_id: int, revision_id: int) -> HttpResponseBase:
    """Show two edits that met, and keep what the person chooses of each."""
    post = find_post(request, post_id)
    aside = get_object_or_404(
        Revision.objects.in_workspace(request.workspace).select_related("saved_by__user"),
        pk=revision_id,
        post=post,
        kind=Revision.Kind.SET_ASIDE,
    )
    base, mine, theirs = actions.conflict_of(post, aside=aside)
    merged = merge(base, mine=mine, theirs=theirs)
    if request.method == "POST":
        state = merged.state
        for name in merged.clashes:
            if request.POST.get(name) == "mine":
                state = state.with_field(name, mine.fields().get(name))
        try:
            actions.settle_conflict(
                post,
                base_revision=int(request.POST.get("revision", "0") or 0),
                state=state,
                by=request.member,
            )
        except actions.ConflictingEdit:
            toasts.warn(request, _("It was changed once more meanwhile. Look at it again."))
            return redirect(request.path)
        except (actions.AlreadyOut, actions.PostDeleted):
            toasts.warn(request, _("It has gone out or was deleted meanwhile."))
        else:
            toasts.tell(request, _("Put together. Both earlier versions stay in the history."))
        return redirect("create:post", workspace_slug=request.workspace.slug, post_id=post.pk)
    context = {
        "post": post,
        "aside": aside,
        "merged": merged,
        "clashes": clashes_of(merged, mine=mine, theirs=theirs),
        "names": names_for(post),
    }
    return render(request, "create/merge.html", context)
