"""Evergreen posts: the list with its pools, the terms of one, and what fills slots."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.channels.models import Channel
from loa.content.models import Post
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import actions, queries
from loa.plan.forms.evergreen import EvergreenForm, PoolForm, as_marked
from loa.plan.models import Evergreen, Refill
from loa.plan.queries import evergreen as reads
from loa.plan.rules.evergreen import MOST_WEEKLY
from loa.plan.wording import evergreen as say
from loa.web.toasts import tell, tell_with_undo, warn
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_view")
def show_evergreen(request: LoaRequest) -> HttpResponse:
    """List the evergreen posts, the channels they fill, and what they fill next."""
    now = clock.now()
    pools = reads.pools(request.workspace)
    context = {
        "shown": reads.evergreen_shown(request.workspace, now=now),
        "refills": reads.refills_ahead(request.workspace, now=now),
        "channels": [
            (week, pools.get(week.channel.pk)) for week in queries.channel_weeks(request.workspace)
        ],
        "caps": [(str(number), str(number)) for number in range(1, MOST_WEEKLY + 1)],
        "may_plan": request.member.may("can_plan"),
    }
    return render(request, "plan/evergreen.html", context)


@require_http_methods(["GET", "POST"])
@requires("can_plan")
def mark_evergreen(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Ask how often a post may be said again, and in which other words."""
    posts = Post.objects.in_workspace(request.workspace).select_related("workspace")
    post = get_object_or_404(posts, pk=post_id, deleted_at=None)
    if request.method == "GET":
        return _form(request, EvergreenForm(initial=as_marked(reads.evergreen_of(post))), post)
    form = EvergreenForm(request.POST)
    if not form.is_valid():
        return _form(request, form, post)
    try:
        actions.mark_evergreen(
            post, rest=form.rest(), alternates=form.alternates(), by=request.member
        )
    except actions.TooAlike as refusal:
        form.add_error(form.field_of(refusal.number), say.refusal(refusal))
        return _form(request, form, post)
    except LoaError as refusal:
        return _form(request, form, post, error=say.refusal(refusal))
    tell(request, _("It is evergreen: free slots of its channels may say it again."))
    return _go(request)


@require_POST
@requires("can_plan")
def retire_evergreen(request: LoaRequest, evergreen_id: int) -> HttpResponseBase:
    """Say a post no more, with a way back."""
    evergreen = _evergreen(request, evergreen_id)
    actions.retire_evergreen(evergreen, by=request.member)
    undo = reverse("plan:bring-back-evergreen", args=[request.workspace.slug, evergreen.pk])
    tell_with_undo(request, _("It is not said again."), undo_url=undo)
    return _go(request)


@require_POST
@requires("can_plan")
def bring_back_evergreen(request: LoaRequest, evergreen_id: int) -> HttpResponseBase:
    """Let a retired or stopped post be said again."""
    actions.bring_back_evergreen(_evergreen(request, evergreen_id), by=request.member)
    tell(request, _("It may be said again."))
    return _go(request)


@require_POST
@requires("can_plan")
def set_pool(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Say how many free slots of a channel are filled in a week."""
    channels = Channel.objects.in_workspace(request.workspace).select_related("workspace")
    channel = get_object_or_404(channels, pk=channel_id)
    form = PoolForm(request.POST)
    if not form.is_valid():
        warn(request, _("Choose a number from 0 to 7."))
        return _go(request)
    weekly_cap = form.cleaned_data["weekly_cap"]
    actions.set_pool(channel, weekly_cap=weekly_cap, by=request.member)
    if weekly_cap:
        words = _("Free slots of %(channel)s are filled, a day or more ahead.")
    else:
        words = _("Free slots of %(channel)s stay free.")
    tell(request, words % {"channel": channel.name})
    return _go(request)


@require_POST
@requires("can_plan")
def skip_refill(request: LoaRequest, refill_id: int) -> HttpResponseBase:
    """Leave a filled slot free, with a way back."""
    refill = _refill(request, refill_id)
    try:
        actions.skip_refill(refill, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        undo = reverse("plan:keep-refill", args=[request.workspace.slug, refill.pk])
        tell_with_undo(request, _("Skipped. The slot is free again."), undo_url=undo)
    return _go(request)


@require_POST
@requires("can_plan")
def keep_refill(request: LoaRequest, refill_id: int) -> HttpResponseBase:
    """Take what was skipped back in."""
    try:
        actions.keep_refill(_refill(request, refill_id), by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        tell(request, _("It fills the slot again."))
    return _go(request)


def _form(request: LoaRequest, form: EvergreenForm, post: Post, *, error: str = "") -> HttpResponse:
    is_wrong = bool(error) or (form.is_bound and bool(form.errors))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    context = {"form": form, "post": post, "error": error}
    return render(request, "plan/mark_evergreen.html", context, status=status)


def _evergreen(request: LoaRequest, evergreen_id: int) -> Evergreen:
    rows = Evergreen.objects.in_workspace(request.workspace).select_related("workspace")
    return get_object_or_404(rows, pk=evergreen_id)


def _refill(request: LoaRequest, refill_id: int) -> Refill:
    rows = Refill.objects.in_workspace(request.workspace)
    return get_object_or_404(rows.select_related("post__workspace"), pk=refill_id)


def _go(request: LoaRequest) -> HttpResponseBase:
    return redirect("plan:evergreen", request.workspace.slug)
