"""Days on which a channel was meant to speak and says nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from loa.plan.rules.slots import SlotTime


@dataclass(frozen=True, slots=True, order=True)
class EmptyDay:
    """A channel has slots on this day, and nothing is planned on it."""

    day: date
    channel_id: int


def empty_days(
    times: Iterable[SlotTime],
    taken: Iterable[tuple[int, datetime]],
    *,
    zone: str,
    from_day: date,
) -> tuple[EmptyDay, ...]:
    """Return the silent days from `from_day` on, in order.

    times: occurrences of slots. taken: (channel id, instant) of everything planned.
    """
    place = ZoneInfo(zone)
    spoken = {(at.astimezone(place).date(), channel_id) for channel_id, at in taken}
    meant = {(one.day, one.channel_id) for one in times if one.day >= from_day}
    return tuple(sorted(EmptyDay(day, channel_id) for day, channel_id in meant - spoken))


def channels_on_rhythm(empty: Collection[EmptyDay], channels: Collection[int]) -> int:
    """Count the channels among `channels` that leave no day empty."""
    return len(set(channels) - {one.channel_id for one in empty})
