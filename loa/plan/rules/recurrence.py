"""The dates of a series: every so many weeks, months or years, or by the moon.

Only dates; the time of day is the series' own, and content.rules.planned_time makes the instant.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, takewhile

from loa.kernel.json import JSON
from loa.plan.rules.days import LAST_YEAR, monday_of
from loa.plan.rules.lunar import FIRST_OF_MONTH, FULL_MOON, lunar_day

LAST = -1
MONTHS, LONGEST_MONTH, DAYS_OF_WEEK = 12, 31, 7
MOST_INTERVAL = 52
LAST_DAY = date(LAST_YEAR, 12, 31)


class Kind(StrEnum):
    """What a rhythm counts by."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    MONTHLY_WEEKDAY = "monthly_weekday"
    YEARLY = "yearly"
    LUNAR = "lunar"


class Wrong(StrEnum):
    """Why something is no rhythm."""

    INTERVAL = "interval"
    WEEKDAYS = "weekdays"
    MONTH_DAY = "month_day"
    NTH = "nth"
    LUNAR_DAYS = "lunar_days"
    ENDS_TWICE = "ends_twice"
    COUNT = "count"
    ENDS_BEFORE = "ends_before"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which dates a series speaks, from `first_on` on.

    interval: every so many weeks, months or years; the moon has no other than 1.
    weekdays: for WEEKLY (Monday is 0); MONTHLY_WEEKDAY uses the first of them with `nth`,
    1 to 4, or LAST. month_day: for MONTHLY; a shorter month speaks on its last day. YEARLY
    speaks on the day of `first_on`; 29 February is the 28th in other years. lunar_days: 1
    and 15; the second month of a leap pair counts like any other.
    until_on: the last date it may speak on. count: how many dates it has in all, those that
    are skipped included. skipped: dates left out.
    """

    kind: Kind
    first_on: date
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int = 1
    nth: int = 1
    lunar_days: tuple[int, ...] = ()
    until_on: date | None = None
    count: int | None = None
    skipped: frozenset[date] = field(default_factory=frozenset)

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON without the skipped dates, the form kept in the database."""
        return {
            "kind": self.kind.value,
            "first_on": self.first_on.isoformat(),
            "interval": self.interval,
            "weekdays": list(self.weekdays),
            "month_day": self.month_day,
            "nth": self.nth,
            "lunar_days": list(self.lunar_days),
            "until_on": self.until_on.isoformat() if self.until_on else None,
            "count": self.count,
        }

    def wrong(self) -> Wrong | None:
        """Return what makes this no rhythm; None when it is one."""
        per_kind = {
            Kind.WEEKLY: (Wrong.WEEKDAYS, bool(self.weekdays) and _weekdays(self.weekdays)),
            Kind.MONTHLY: (Wrong.MONTH_DAY, 1 <= self.month_day <= LONGEST_MONTH),
            Kind.MONTHLY_WEEKDAY: (
                Wrong.NTH,
                self.nth in {1, 2, 3, 4, LAST} and bool(self.weekdays) and _weekdays(self.weekdays),
            ),
            Kind.LUNAR: (
                Wrong.LUNAR_DAYS,
                bool(self.lunar_days) and set(self.lunar_days) <= {FIRST_OF_MONTH, FULL_MOON},
            ),
        }
        reason, is_right = per_kind.get(self.kind, (Wrong.INTERVAL, True))
        if not is_right:
            return reason
        if not 1 <= self.interval <= MOST_INTERVAL:
            return Wrong.INTERVAL
        if self.count is not None and self.until_on is not None:
            return Wrong.ENDS_TWICE
        if self.count is not None and self.count < 1:
            return Wrong.COUNT
        if self.until_on is not None and self.until_on < self.first_on:
            return Wrong.ENDS_BEFORE
        return None


def rhythm_from_json(data: Mapping[str, JSON]) -> Rhythm:
    """Read what `Rhythm.to_json` wrote."""
    until, count = data.get("until_on"), data.get("count")
    return Rhythm(
        kind=Kind(str(data["kind"])),
        first_on=date.fromisoformat(str(data["first_on"])),
        interval=_number(data.get("interval")),
        weekdays=_numbers(data.get("weekdays")),
        month_day=_number(data.get("month_day")),
        nth=_number(data.get("nth")),
        lunar_days=_numbers(data.get("lunar_days")),
        until_on=date.fromisoformat(str(until)) if until else None,
        count=count if isinstance(count, int) else None,
    )


def dates_between(rhythm: Rhythm, *, first: date, last: date) -> tuple[date, ...]:
    """Return the dates on which the series speaks from `first` to `last`, in order.

    The rhythm is always counted from its own first date, never from the moment of asking, so
    whoever asks when gets the same dates.
    """
    dates = takewhile(lambda day: day <= last, _counted(rhythm))
    return tuple(day for day in dates if day >= first and day not in rhythm.skipped)


def next_dates(rhythm: Rhythm, *, after: date, most: int) -> tuple[date, ...]:
    """Return the first dates later than `after`, `most` at most."""
    ahead = (day for day in _counted(rhythm) if day > after and day not in rhythm.skipped)
    return tuple(islice(ahead, most))


def has_ended(rhythm: Rhythm, *, after: date) -> bool:
    """Say whether no date is left later than `after`."""
    return not next_dates(rhythm, after=after, most=1)


def _counted(rhythm: Rhythm) -> Iterator[date]:
    """Yield every date of the rhythm, with its end kept, the skipped ones among them."""
    until = min(rhythm.until_on or LAST_DAY, LAST_DAY)
    dates = takewhile(
        lambda day: day <= until, (day for day in _endless(rhythm) if day >= rhythm.first_on)
    )
    return islice(dates, rhythm.count)


def _endless(rhythm: Rhythm) -> Iterator[date]:
    match rhythm.kind:
        case Kind.WEEKLY:
            return _weekly(rhythm)
        case Kind.LUNAR:
            return _lunar(rhythm)
        case Kind.YEARLY:
            return _yearly(rhythm)
        case Kind.MONTHLY | Kind.MONTHLY_WEEKDAY:
            return _monthly(rhythm)


def _weekly(rhythm: Rhythm) -> Iterator[date]:
    monday = monday_of(rhythm.first_on)
    while monday <= LAST_DAY:
        for weekday in sorted(set(rhythm.weekdays)):
            yield monday + timedelta(days=weekday)
        monday += timedelta(weeks=rhythm.interval)


def _monthly(rhythm: Rhythm) -> Iterator[date]:
    number = rhythm.first_on.year * MONTHS + rhythm.first_on.month - 1
    while number < (LAST_YEAR + 1) * MONTHS:
        year, month = divmod(number, MONTHS)
        yield _day_in(year, month + 1, rhythm)
        number += rhythm.interval


def _day_in(year: int, month: int, rhythm: Rhythm) -> date:
    length = monthrange(year, month)[1]
    if rhythm.kind is Kind.MONTHLY:
        return date(year, month, min(rhythm.month_day, length))
    weekday = rhythm.weekdays[0]
    if rhythm.nth == LAST:
        last = date(year, month, length)
        return last - timedelta(days=(last.weekday() - weekday) % DAYS_OF_WEEK)
    first = date(year, month, 1)
    ahead = (weekday - first.weekday()) % DAYS_OF_WEEK
    return first + timedelta(days=ahead, weeks=rhythm.nth - 1)


def _yearly(rhythm: Rhythm) -> Iterator[date]:
    month, day = rhythm.first_on.month, rhythm.first_on.day
    for year in range(rhythm.first_on.year, LAST_YEAR + 1, rhythm.interval):
        yield date(year, month, min(day, monthrange(year, month)[1]))


def _lunar(rhythm: Rhythm) -> Iterator[date]:
    day = rhythm.first_on
    while day <= LAST_DAY:
        if lunar_day(day).day in rhythm.lunar_days:
            yield day
        day += timedelta(days=1)


def _weekdays(days: tuple[int, ...]) -> bool:
    return all(0 <= day < DAYS_OF_WEEK for day in days)


def _number(value: JSON) -> int:
    return value if isinstance(value, int) else 1


def _numbers(value: JSON) -> tuple[int, ...]:
    return tuple(one for one in value if isinstance(one, int)) if isinstance(value, list) else ()
