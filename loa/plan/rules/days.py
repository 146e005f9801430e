"""The days a calendar shows: a month of whole weeks, a week, a list of days. Monday first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from loa.content.rules.planned_time import PlannedTime

DAYS_IN_WEEK = 7
DAYS_IN_LIST = 28
FIRST_YEAR, LAST_YEAR = 1970, 2098


class View(StrEnum):
    """A way of looking at the plan."""

    MONTH = "month"
    WEEK = "week"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Window:
    """The days on one page, first to last inclusive.

    focus: the day the page is about. previous, following: the focus of the pages beside it.
    """

    view: View
    focus: date
    first: date
    last: date
    previous: date
    following: date

    @property
    def days(self) -> tuple[date, ...]:
        """Every day shown, in order."""
        return days_between(self.first, self.last)

    @property
    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """The days in rows of seven; the last row of a list may be shorter."""
        days = self.days
        return tuple(
            days[start : start + DAYS_IN_WEEK] for start in range(0, len(days), DAYS_IN_WEEK)
        )

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """Return the instants [from, until) that these days cover in `zone`."""
        return day_start(self.first, zone), day_start(self.last + timedelta(days=1), zone)


def window(view: View, focus: date) -> Window:
    """Return the days that `view` shows around `focus`."""
    match view:
        case View.MONTH:
            return _month(focus)
        case View.WEEK:
            first = monday_of(focus)
            week = timedelta(days=DAYS_IN_WEEK)
            last = first + timedelta(days=DAYS_IN_WEEK - 1)
            return Window(view, focus, first, last, focus - week, focus + week)
        case View.LIST:
            days = timedelta(days=DAYS_IN_LIST)
            last = focus + days - timedelta(days=1)
            return Window(view, focus, focus, last, focus - days, focus + days)


def monday_of(day: date) -> date:
    """Return the Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return every day from `first` to `last` inclusive."""
    return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))


def day_start(day: date, zone: str) -> datetime:
    """Return the instant (UTC) at which `day` begins in `zone`.

    Not every day begins at midnight: some zones change their clocks right then.
    """
    return PlannedTime(datetime.combine(day, time.min), zone).instant()


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of an instant in `zone`."""
    return instant.astimezone(zone).date()


def today(now: datetime, zone: str) -> date:
    """Return the day it is in `zone` at `now`."""
    return local_day(now.astimezone(UTC), place(zone))


def place(zone: str) -> ZoneInfo:
    """Return the clock of a zone by its name."""
    return ZoneInfo(zone)


def within_reach(day: date) -> bool:
    """Say whether the calendar can show `day` with its neighbours and their lunar dates."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _month(focus: date) -> Window:
    first_of_month = focus.replace(day=1)
    next_month = (first_of_month + timedelta(days=31)).replace(day=1)
    last_of_month = next_month - timedelta(days=1)
    return Window(
        View.MONTH,
        focus,
        monday_of(first_of_month),
        monday_of(last_of_month) + timedelta(days=DAYS_IN_WEEK - 1),
        (first_of_month - timedelta(days=1)).replace(day=1),
        next_month,
    )
