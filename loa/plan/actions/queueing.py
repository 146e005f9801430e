"""Let posts wait in the queues of their channels, and change their order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.planned_time import PlannedTime, planned
from loa.create.actions import schedule_post
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import queries
from loa.plan.actions.locks import lock_posts, lock_queues
from loa.plan.actions.moving import GONE, NothingToMove, forget_times, touch
from loa.plan.rules import days
from loa.plan.rules.pacing import Taken
from loa.plan.rules.queue import Waiting, close_up, trade
from loa.plan.rules.slots import slot_times
from loa.publish.actions import cancel_delivery, reschedule_variants
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState
from loa.workspace.models import Member

S = DeliveryState


class NoFreeSlot(LoaError):
    """A channel has no slots, or none is free for half a year. `channels`: which ones."""

    def __init__(self, channels: Iterable[Channel]) -> None:
        self.channels = tuple(channels)
        super().__init__(f"no free slot on {', '.join(one.name for one in self.channels)}")


class NotInQueue(LoaError):
    """The variant does not wait in a queue (any more)."""


@dataclass(frozen=True, slots=True)
class Queued:
    """What joining the queue did. waits_for_approval: it goes out once somebody agrees."""

    post: Post
    times: Mapping[int, PlannedTime]
    waits_for_approval: bool


def add_to_queue(post: Post, *, by: Member) -> Queued:
    """Give each variant that has not gone out the next free slot of its channel, and hand over.

    A variant that already waits in the queue keeps its place. Two people never get the same
    slot: the queues are locked until this is written. Raises NoFreeSlot, NothingToMove or a
    CannotSchedule, and then nothing is changed.
    """
    with transaction.atomic():
        lock_queues(post.workspace, list(post.variants.values_list("channel_id", flat=True)))
        locked = lock_posts(post.workspace, [post.pk]).get(post.pk)
        if locked is None:
            raise NothingToMove(f"post {post.pk} is deleted")
        times = _next_times(locked)
        if times:
            reschedule_variants(locked, times=times, in_queue=True, by=by)
        scheduled = schedule_post(locked, by=by)
        touch([locked])
    return Queued(locked, times, waits_for_approval=scheduled.asked_for_review)


def move_in_queue(variant: Variant, *, steps: int, by: Member) -> tuple[int, ...]:
    """Let a waiting variant trade places: -1 is one earlier, 1 one later.

    Returns the variants whose time changed; () when it is at the end already.
    Raises NotInQueue when it does not wait any more.
    """
    with transaction.atomic():
        lock_queues(variant.workspace, [variant.channel_id])
        line = _queue_of(variant.channel)
        if variant.pk not in line:
            raise NotInQueue(f"variant {variant.pk} is not in a queue")
        changed = trade(
            [Waiting(one.planned_at, pk) for pk, one in line.items() if one.planned_at],
            variant_id=variant.pk,
            steps=steps,
        )
        _give_times(variant.channel, line, changed, by=by)
    return tuple(one.variant_id for one in changed)


def take_out_of_queue(variant: Variant, *, by: Member) -> None:
    """Leave a waiting variant without a time; its slot is free again. A delivery is cancelled.

    Raises NotInQueue, or CannotCancel when it is too late.
    """
    with transaction.atomic():
        lock_queues(variant.workspace, [variant.channel_id])
        lock_posts(variant.workspace, [variant.post_id])
        if variant.pk not in _queue_of(variant.channel):
            raise NotInQueue(f"variant {variant.pk} is not in a queue")
        for delivery in Delivery.objects.filter(variant=variant).exclude(state=S.CANCELLED):
            cancel_delivery(delivery, by=by)
        forget_times([variant.pk])
        touch([variant.post])


def close_gaps(channel: Channel, *, by: Member) -> tuple[int, ...]:
    """Let everything that waits move up to the earliest free slots, in the same order.

    Returns the variants that moved.
    """
    with transaction.atomic():
        lock_queues(channel.workspace, [channel.pk])
        now, zone = clock.now(), channel.workspace.time_zone
        line = _queue_of(channel)
        if not line:
            return ()
        [week] = queries.channel_weeks(channel.workspace, [channel.pk])
        last = max(one.planned_at for one in line.values() if one.planned_at)
        fixed = queries.taken_times(
            channel.workspace,
            [channel.pk],
            since=now - queries.MARGIN,
            until=last + queries.MARGIN,
            leaving_out=line,
        )
        times = slot_times(
            week.slots, zone=zone, first=days.today(now, zone), last=days.today(last, zone)
        )
        changed = close_up(
            [Waiting(one.planned_at, pk) for pk, one in line.items() if one.planned_at],
            slots=[one.at for one in times],
            taken=Taken.of(fixed[channel.pk], days.place(zone)),
            now=now,
            pacing=week.pacing,
        )
        _give_times(channel, line, changed, by=by)
    return tuple(one.variant_id for one in changed)


def _next_times(post: Post) -> dict[int, PlannedTime]:
    """Return the next free slot for each variant that does not wait in a queue yet."""
    now = clock.now()
    gone = Delivery.objects.filter(post=post, state__in=GONE).values("variant")
    open_variants = list(
        post.variants.exclude(pk__in=gone).select_related("channel").order_by("pk")
    )
    if not open_variants:
        raise NothingToMove(f"everything of post {post.pk} has gone out")
    joining = [
        one
        for one in open_variants
        if not (one.in_queue and one.planned_at is not None and one.planned_at > now)
    ]
    free = queries.next_free_slots(
        post.workspace,
        [one.channel_id for one in joining],
        now=now,
        leaving_out=[one.pk for one in joining],
    )
    full = [one.channel for one in joining if not free.get(one.channel_id)]
    if full:
        raise NoFreeSlot(full)
    return {one.pk: free[one.channel_id][0].planned for one in joining}


def _queue_of(channel: Channel) -> dict[int, Variant]:
    """Return the variants that wait in the channel's queue, in order of time."""
    waiting = queries.queue_of(channel, now=clock.now())
    return {one.pk: one for one in waiting}


def _give_times(
    channel: Channel, line: Mapping[int, Variant], changed: Iterable[Waiting], *, by: Member
) -> None:
    """Write the new times of a queue, the posts locked in one order."""
    zone = channel.workspace.time_zone
    times = {one.variant_id: planned(one.at, zone) for one in changed}
    posts = lock_posts(channel.workspace, {line[pk].post_id for pk in times})
    for pk, time in sorted(times.items()):
        post = posts.get(line[pk].post_id)
        if post is None:
            raise NotInQueue(f"variant {pk} belongs to a deleted post")
        reschedule_variants(post, times={pk: time}, in_queue=True, by=by)
    touch(posts.values())
