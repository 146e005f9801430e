"""Dates as people type them into the command palette: "24/12", "24-12-2026", "mai"."""

import re
from datetime import date, timedelta

from loa.kernel.text import fold

WRITTEN = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}|\d{2}))?$")
NEAR = {
    "hom nay": 0,
    "today": 0,
    "mai": 1,
    "ngay mai": 1,
    "tomorrow": 1,
    "mot": 2,
    "ngay kia": 2,
    "hom qua": -1,
    "yesterday": -1,
}
# A day and month without a year mean the nearest one: rather ahead than long ago.
LONG_AGO = timedelta(days=120)


def read_date(text: str, *, today: date) -> date | None:
    """Return the date somebody typed, day before month; None when it is none."""
    words = " ".join(fold(text).split())
    if words in NEAR:
        return today + timedelta(days=NEAR[words])
    written = WRITTEN.match(words)
    if written is None:
        return None
    day, month, year = written.groups()
    try:
        if year is not None:
            return date(int(year) if len(year) > 2 else 2000 + int(year), int(month), int(day))  # noqa: PLR2004 (digits of a year)
        return _nearest(int(day), int(month), today)
    except ValueError:
        return None


def _nearest(day: int, month: int, today: date) -> date:
    try:
        this_year = date(today.year, month, day)
    except ValueError:  # 29 February
        return date(today.year + 1, month, day)
    if today - this_year > LONG_AGO:
        return date(today.year + 1, month, day)
    return this_year
