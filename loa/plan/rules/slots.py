"""Slots of the week as real times, and the next one that is free."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from loa.content.rules.planned_time import PlannedTime, planned
from loa.plan.rules.days import days_between
from loa.plan.rules.pacing import Pacing, Taken, crowded


@dataclass(frozen=True, slots=True, order=True)
class WeeklySlot:
    """A time of the week at which a channel is meant to speak. weekday: Monday is 0."""

    channel_id: int
    weekday: int
    local_time: time


@dataclass(frozen=True, slots=True)
class SlotTime:
    """One real occurrence of a slot. at: the instant in UTC; planned: the same, as local time."""

    at: datetime
    channel_id: int
    planned: PlannedTime

    @property
    def day(self) -> date:
        """The local day it falls on."""
        return self.planned.local.date()


def slot_times(
    slots: Iterable[WeeklySlot], *, zone: str, first: date, last: date
) -> tuple[SlotTime, ...]:
    """Return the occurrences of `slots` on the local days `first` to `last`, in order of time.

    A slot inside a gap of the clock moves to the next valid instant; of two equal local times
    the first is meant. Two slots of a channel that meet in one instant are one occurrence.
    """
    by_weekday: dict[int, list[WeeklySlot]] = {}
    for slot in slots:
        by_weekday.setdefault(slot.weekday, []).append(slot)
    found: dict[tuple[datetime, int], SlotTime] = {}
    for day in days_between(first, last):
        for slot in by_weekday.get(day.weekday(), ()):
            at = PlannedTime(datetime.combine(day, slot.local_time), zone).instant()
            found[at, slot.channel_id] = SlotTime(at, slot.channel_id, planned(at, zone))
    return tuple(found[key] for key in sorted(found))


def next_free_slot(
    slots: Collection[datetime],
    taken: Collection[datetime],
    *,
    now: datetime,
    audience_zone: ZoneInfo,
    pacing: Pacing,
) -> datetime | None:
    """Return the earliest slot after `now` that respects the pacing.

    Instants are in UTC. None means that the queue is full as far as `slots` reach; the
    caller decides whether to look further ahead or to tell the editor.
    """
    so_far = Taken.of(taken, audience_zone)
    free = (slot for slot in slots if slot > now and crowded(slot, so_far, pacing) is None)
    return min(free, default=None)


def free_slot_times(
    times: Iterable[SlotTime],
    taken: Taken,
    *,
    now: datetime,
    pacing: Pacing,
) -> tuple[SlotTime, ...]:
    """Return the occurrences of one channel after `now` that could still be filled, in order.

    Each is judged by itself: filling one may crowd out the next.
    """
    return tuple(one for one in times if one.at > now and crowded(one.at, taken, pacing) is None)
