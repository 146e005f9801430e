"""Reads about channels and their slots: who is meant to speak when, and what is free."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from loa.channels.models import Channel
from loa.content.models import Variant
from loa.plan.models import ChannelPacing, Slot
from loa.plan.rules import days, pacing
from loa.plan.rules.pacing import Pacing, Taken
from loa.plan.rules.slots import SlotTime, WeeklySlot, free_slot_times, slot_times
from loa.workspace.models import Workspace

LOOK_AHEAD = timedelta(weeks=26)
# A longest gap on either side may still crowd out a slot.
MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelWeek:
    """One channel with its slots of the week and its pacing."""

    channel: Channel
    slots: tuple[WeeklySlot, ...]
    pacing: Pacing


def channel_weeks(
    workspace: Workspace, channel_ids: Collection[int] | None = None
) -> tuple[ChannelWeek, ...]:
    """Return the workspace's channels that are not disconnected, by name, in two queries.

    channel_ids: only these; None for all.
    """
    channels = (
        Channel.objects.in_workspace(workspace)
        .exclude(state=Channel.State.DISCONNECTED)
        .select_related("pacing")
        .order_by("name", "pk")
    )
    slots = Slot.objects.in_workspace(workspace).order_by("weekday", "local_time", "pk")
    if channel_ids is not None:
        channels = channels.filter(pk__in=channel_ids)
        slots = slots.filter(channel__in=channel_ids)
    weekly: defaultdict[int, list[WeeklySlot]] = defaultdict(list)
    for slot in slots:
        weekly[slot.channel_id].append(slot.weekly)
    return tuple(
        ChannelWeek(channel, tuple(weekly[channel.pk]), pacing_of(channel)) for channel in channels
    )


def pacing_of(channel: Channel) -> Pacing:
    """Return how crowded the channel may get."""
    kept: ChannelPacing | None = getattr(channel, "pacing", None)
    return kept.pacing if kept else pacing.DEFAULT


def taken_times(
    workspace: Workspace,
    channel_ids: Collection[int],
    *,
    since: datetime,
    until: datetime,
    leaving_out: Collection[int] = (),
) -> Mapping[int, tuple[datetime, ...]]:
    """Return when each channel already speaks, without cancelled deliveries and deleted posts.

    leaving_out: variants that do not count, such as the ones being moved.
    """
    rows = (
        Variant.objects.in_workspace(workspace)
        .filter(
            channel__in=channel_ids,
            planned_at__gte=since,
            planned_at__lt=until,
            post__deleted_at=None,
        )
        .filter(~Q(delivery__state="cancelled") | Q(delivery=None))
        .exclude(pk__in=leaving_out)
        .order_by("planned_at", "pk")
        .values_list("channel_id", "planned_at")
    )
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for channel_id, planned_at in rows:
        if planned_at is not None:
            found[channel_id].append(planned_at)
    return {channel_id: tuple(found[channel_id]) for channel_id in channel_ids}


def next_free_slots(
    workspace: Workspace,
    channel_ids: Collection[int],
    *,
    now: datetime,
    leaving_out: Collection[int] = (),
    most: int = 1,
) -> Mapping[int, tuple[SlotTime, ...]]:
    """Return each channel's next free slots, soonest first, `most` at most, in three queries.

    () for a channel without slots, or full for the next half year. Each slot is judged by
    itself: taking the first may crowd out the second.
    """
    weeks = channel_weeks(workspace, channel_ids)
    zone = workspace.time_zone
    taken = taken_times(
        workspace,
        channel_ids,
        since=now - MARGIN,
        until=now + LOOK_AHEAD + MARGIN,
        leaving_out=leaving_out,
    )
    return {
        week.channel.pk: _first_free(week, taken[week.channel.pk], zone=zone, now=now, most=most)
        for week in weeks
    }


def _first_free(
    week: ChannelWeek, taken: Collection[datetime], *, zone: str, now: datetime, most: int
) -> tuple[SlotTime, ...]:
    so_far = Taken.of(taken, ZoneInfo(zone))
    first = days.today(now, zone)
    found: list[SlotTime] = []
    # A week at a time: nearly always the first one already has room.
    for step in range(LOOK_AHEAD.days // days.DAYS_IN_WEEK):
        start = first + timedelta(weeks=step)
        times = slot_times(
            week.slots, zone=zone, first=start, last=start + timedelta(days=days.DAYS_IN_WEEK - 1)
        )
        found += free_slot_times(times, so_far, now=now, pacing=week.pacing)
        if len(found) >= most or not week.slots:
            break
    return tuple(found[:most])
