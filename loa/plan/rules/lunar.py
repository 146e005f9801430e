"""Vietnamese lunar dates. Computed for UTC+7: the Chinese calendar differs on many days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import lunar_vn

FIRST_OF_MONTH, FULL_MOON = 1, 15


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar. is_leap: the month is the second of its number this year."""

    day: int
    month: int
    year: int
    is_leap: bool = False

    @property
    def is_offering_day(self) -> bool:
        """True on the 1st and the 15th, when many families eat no meat and make offerings."""
        return self.day in {FIRST_OF_MONTH, FULL_MOON}

    @property
    def label(self) -> str:
        """The short form beside a solar date: "14/10"."""
        return f"{self.day}/{self.month}"


@lru_cache(maxsize=4096)
def lunar_day(day: date) -> LunarDay:
    """Return the lunar date of a solar one, 1900 to 2100."""
    found = lunar_vn.solar_to_lunar(day)
    return LunarDay(found.day, found.month, found.year, found.leap)


def next_offering_day(day: date) -> date:
    """Return the first day after `day` that is the 1st or the 15th of a lunar month."""
    following = day + timedelta(days=1)
    while not lunar_day(following).is_offering_day:
        following += timedelta(days=1)
    return following
