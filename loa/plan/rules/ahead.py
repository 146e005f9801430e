"""Which dates of a series become posts now, and which went by without one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from loa.content.rules.planned_time import PlannedTime, planned
from loa.plan.rules.days import today
from loa.plan.rules.recurrence import Rhythm, dates_between

# How far ahead posts are made: long enough to review and to see the weeks fill.
HORIZON = timedelta(weeks=4)
# A post made later than this before its time could not be looked at any more.
NOTICE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What to do with a series now.

    due: (date, time) of the posts to make, in order. missed: dates whose time has passed.
    through: the last date that is settled by this; the next run begins behind it.
    """

    due: tuple[tuple[date, PlannedTime], ...]
    missed: tuple[date, ...]
    through: date


def look_ahead(
    rhythm: Rhythm, *, local_time: time, zone: str, settled_through: date, now: datetime
) -> Ahead:
    """Return what has come into the horizon since `settled_through`.

    However long nobody looked, only dates still to come become posts: what was missed is
    told, and never made up for.
    """
    through = today(now + HORIZON, zone)
    due, missed = [], []
    for day in dates_between(rhythm, first=settled_through + timedelta(days=1), last=through):
        at = time_on(day, local_time=local_time, zone=zone)
        if at.instant() < now + NOTICE:
            missed.append(day)
        else:
            due.append((day, at))
    return Ahead(tuple(due), tuple(missed), max(through, settled_through))


def time_on(day: date, *, local_time: time, zone: str) -> PlannedTime:
    """Return when the series speaks on `day`; a time that the clock skips is the next one."""
    asked = PlannedTime(datetime.combine(day, local_time), zone)
    return planned(asked.instant(), zone) if asked.was_skipped else asked
