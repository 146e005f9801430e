"""The queues: what waits on each channel, in which order; and the next free slot."""

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import actions, queries, wording
from loa.plan.queries import ChannelWeek
from loa.plan.rules.slots import SlotTime
from loa.web.fragments import render_parts
from loa.web.toasts import tell, warn
from loa.workspace.access import LoaRequest, requires

SHOWN, FREE_SHOWN, LOOSE_SHOWN = 60, 3, 12
STEPS = {"first": -1000, "earlier": -1, "later": 1}


@dataclass(frozen=True, slots=True)
class ChannelQueue:
    """What waits on one channel, and its next free slots."""

    week: ChannelWeek
    waiting: tuple[Variant, ...]
    more_count: int
    next_free: tuple[SlotTime, ...]

    @property
    def channel(self) -> Channel:
        """The channel."""
        return self.week.channel

    @property
    def has_gap(self) -> bool:
        """True when a slot before the last of the queue is free."""
        last = self.waiting[-1].planned_at if self.waiting else None
        return bool(last and self.next_free and self.next_free[0].at < last)


@require_GET
@requires("can_view")
def show_queue(request: LoaRequest) -> HttpResponse:
    """Show what waits on each channel."""
    return render(request, "plan/queue.html", _shown(request))


@require_POST
@requires("can_schedule")
def add_to_queue(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Let a post wait for the next free slot of each of its channels."""
    posts = Post.objects.in_workspace(request.workspace).select_related("workspace")
    post = get_object_or_404(posts, pk=post_id)
    try:
        queued = actions.add_to_queue(post, by=request.member)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
        return _answer(request, status=HTTPStatus.CONFLICT)
    if queued.waits_for_approval:
        tell(request, _("In the queue. It goes out once it is approved."))
    else:
        tell(request, _("In the queue: each channel has the next free slot."))
    return _answer(request)


@require_POST
@requires("can_schedule")
def move_in_queue(request: LoaRequest, variant_id: int) -> HttpResponseBase:
    """Let a waiting post trade places with its neighbours."""
    variant = _variant(request, variant_id)
    steps = STEPS.get(request.POST.get("to", ""), 0)
    try:
        actions.move_in_queue(variant, steps=steps, by=request.member)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
        return _answer(request, status=HTTPStatus.CONFLICT)
    return _answer(request)


@require_POST
@requires("can_schedule")
def take_out_of_queue(request: LoaRequest, variant_id: int) -> HttpResponseBase:
    """Leave a waiting post without a time."""
    variant = _variant(request, variant_id)
    try:
        actions.take_out_of_queue(variant, by=request.member)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
        return _answer(request, status=HTTPStatus.CONFLICT)
    tell(request, _("Taken out of the queue. The post is kept, without a time."))
    return _answer(request)


@require_POST
@requires("can_schedule")
def close_gaps(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Let everything that waits move up to the earliest free slots."""
    channels = Channel.objects.in_workspace(request.workspace).select_related("workspace")
    channel = get_object_or_404(channels, pk=channel_id)
    try:
        moved = actions.close_gaps(channel, by=request.member)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
        return _answer(request, status=HTTPStatus.CONFLICT)
    if moved:
        tell(request, _("The queue of %(channel)s has moved up.") % {"channel": channel.name})
    return _answer(request)


@require_GET
@requires("can_view")
def suggest_slot(request: LoaRequest) -> HttpResponse:
    """Tell the next free slot of each channel asked for, for the composer."""
    asked = {int(one) for one in request.GET.getlist("channel") if one.isdecimal()}
    post = request.GET.get("post", "")
    mine = Variant.objects.in_workspace(request.workspace)
    own = mine.filter(post=int(post)).values_list("pk", flat=True) if post.isdecimal() else ()
    free = queries.next_free_slots(
        request.workspace, asked, now=clock.now(), leaving_out=tuple(own), most=FREE_SHOWN
    )
    weeks = queries.channel_weeks(request.workspace, asked)
    suggested = [(week.channel, free[week.channel.pk]) for week in weeks]
    return render(request, "plan/suggest_slot.html", {"suggested": suggested})


def _shown(request: LoaRequest) -> dict[str, object]:
    now = clock.now()
    weeks = queries.channel_weeks(request.workspace)
    free = queries.next_free_slots(
        request.workspace, [week.channel.pk for week in weeks], now=now, most=FREE_SHOWN
    )
    waiting: defaultdict[int, list[Variant]] = defaultdict(list)
    for variant in queries.waiting_variants(request.workspace, now=now):
        waiting[variant.channel_id].append(variant)
    queues = [
        ChannelQueue(
            week,
            tuple(waiting[week.channel.pk][:SHOWN]),
            max(len(waiting[week.channel.pk]) - SHOWN, 0),
            free[week.channel.pk],
        )
        for week in weeks
    ]
    return {
        "queues": queues,
        "loose": queries.posts_without_time(request.workspace)[:LOOSE_SHOWN],
        "may_schedule": request.member.may("can_schedule"),
        "may_plan": request.member.may("can_plan"),
    }


def _answer(request: LoaRequest, *, status: int = HTTPStatus.OK) -> HttpResponseBase:
    if not request.is_htmx:
        return redirect(reverse("plan:queue", args=[request.workspace.slug]))
    return render_parts(request, "plan/queue.html#lines", context=_shown(request), status=status)


def _variant(request: LoaRequest, variant_id: int) -> Variant:
    variants = Variant.objects.in_workspace(request.workspace)
    related = variants.select_related("channel__workspace", "workspace", "post")
    return get_object_or_404(related, pk=variant_id)
