"""How crowded a channel may get."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Pacing:
    """How crowded one channel may get.

    min_gap: shortest time between two posts on the channel.
    daily_cap: most posts in one calendar day of the audience.
    """

    min_gap: timedelta
    daily_cap: int


DEFAULT = Pacing(min_gap=timedelta(minutes=60), daily_cap=5)


class Crowded(StrEnum):
    """Why one more post would be too much."""

    TOO_CLOSE = "too_close"
    DAY_FULL = "day_full"


@dataclass(frozen=True, slots=True)
class Taken:
    """The instants (UTC) at which a channel already speaks, ready to be asked about."""

    instants: tuple[datetime, ...]
    audience_zone: ZoneInfo
    per_day: Counter[date] = field(repr=False)

    @classmethod
    def of(cls, instants: Collection[datetime], audience_zone: ZoneInfo) -> "Taken":
        """Sort and count `instants` once, so each question is quick."""
        ordered = tuple(sorted(instants))
        days = Counter(instant.astimezone(audience_zone).date() for instant in ordered)
        return cls(ordered, audience_zone, days)

    def with_one_more(self, instant: datetime) -> "Taken":
        """Return these and one more."""
        return Taken.of((*self.instants, instant), self.audience_zone)

    def nearest(self, instant: datetime) -> timedelta | None:
        """Return the time to the nearest taken instant; None when nothing is taken."""
        place = bisect_left(self.instants, instant)
        around = self.instants[max(place - 1, 0) : place + 1]
        return min((abs(instant - other) for other in around), default=None)


def crowded(instant: datetime, taken: Taken, pacing: Pacing) -> Crowded | None:
    """Return why a post at `instant` would be too much; None when there is room.

    Instants are compared in UTC: two local times across a clock change would subtract to
    the wrong gap. An equal instant is always too close, whatever the gap.
    """
    nearest = taken.nearest(instant)
    if nearest is not None and (nearest < pacing.min_gap or not nearest):
        return Crowded.TOO_CLOSE
    if taken.per_day[instant.astimezone(taken.audience_zone).date()] >= pacing.daily_cap:
        return Crowded.DAY_FULL
    return None
