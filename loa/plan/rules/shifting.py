"""Other times for many posts at once: so many days and hours later, or on one day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loa.content.rules.planned_time import PlannedTime, planned

MOST_DAYS, MOST_HOURS = 366, 240


@dataclass(frozen=True, slots=True)
class Shift:
    """How far to move. Days keep the local time across clock changes; hours are real hours."""

    days: int = 0
    hours: int = 0

    def of(self, before: PlannedTime) -> PlannedTime:
        """Return the time so much later (or earlier)."""
        moved = PlannedTime(before.local + timedelta(days=self.days), before.zone, before.fold)
        if not self.hours:
            return moved
        return planned(moved.instant() + timedelta(hours=self.hours), before.zone)


@dataclass(frozen=True, slots=True)
class ToDay:
    """The day to move to, each at its own local time."""

    day: date

    def of(self, before: PlannedTime) -> PlannedTime:
        """Return the same local time on that day."""
        return PlannedTime(datetime.combine(self.day, before.local.time()), before.zone)


type Change = Shift | ToDay
