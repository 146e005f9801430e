"""Times as people plan them: a local time in a zone, turned into one instant.

Kept as local time + IANA zone + fold, so that a change of the zone's rules moves the instant
and not the promise ("nine in the morning, in Saigon").
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class PlannedTime:
    """A wall-clock time in a place. local is naive; fold 1 means the second of two equal times."""

    local: datetime
    zone: str
    fold: int = 0

    def instant(self) -> datetime:
        """Return the instant in UTC. A time that a clock change skips moves to the next valid one.

        Of two equal local times the first is meant, unless fold says otherwise.
        """
        zone = ZoneInfo(self.zone)
        aware = self.local.replace(tzinfo=zone, fold=self.fold)
        instant = aware.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == self.local:
            return instant
        return _end_of_gap(self.local, zone)

    @property
    def was_skipped(self) -> bool:
        """True when a clock change leaves this local time out."""
        zone = ZoneInfo(self.zone)
        there_and_back = self.instant().astimezone(zone).replace(tzinfo=None)
        return there_and_back != self.local


def planned(instant: datetime, zone: str) -> PlannedTime:
    """Return the local form of an instant."""
    local = instant.astimezone(ZoneInfo(zone))
    return PlannedTime(local.replace(tzinfo=None, fold=0), zone, local.fold)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant after the gap that swallows `local`.

    With fold 0 a skipped time is read with the offset from before the gap, so it lands
    after the gap by as much as it lay inside; the jump itself is where the offsets change.
    """
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = after - timedelta(days=1)
    old, new = _offset(before, zone), _offset(after, zone)
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if _offset(middle, zone) == old:
            low = middle
        else:
            high = middle
    if old == new:  # not a gap after all: nothing to move
        return after
    return high.replace(microsecond=0)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
