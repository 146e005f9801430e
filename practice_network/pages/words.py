"""The pages' language: chosen by the reader, else by the browser."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from aiohttp import web

LANGUAGES = ("vi", "en")
COOKIE = "practice_language"
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_DAYS_COUNTED = 7
_WEEKDAYS = {
    "vi": ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September")
_MONTHS_EN = (*_MONTHS, "October", "November", "December")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, numbers and times."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return self.texts[key].format(**values)

    def count(self, number: int) -> str:
        """Return a whole number as it is written: 12.345 or 12,345."""
        return f"{number:,}".replace(",", "." if self.language == "vi" else ",")

    def counted(self, key: str, number: int) -> str:
        """Return a text about a number."""
        if number == 1 and f"{key}_one" in self.texts:
            return self(f"{key}_one")
        return self(key, count=self.count(number))

    def ago(self, then_ms: int, *, now_ms: int, zone: ZoneInfo) -> str:
        """Return how long ago something was; a date when it is a week or more."""
        age_ms = now_ms - then_ms
        if age_ms < _MINUTE_MS:
            return self("just_now")
        if age_ms < _HOUR_MS:
            return self("minutes", count=age_ms // _MINUTE_MS)
        if age_ms < _DAY_MS:
            return self("hours", count=age_ms // _HOUR_MS)
        if age_ms < _DAYS_COUNTED * _DAY_MS:
            return self("days", count=age_ms // _DAY_MS)
        return self.date(then_ms, zone=zone)

    def date(self, instant_ms: int, *, zone: ZoneInfo) -> str:
        """Return a day: 22/11/2026 or 22 November 2026."""
        at = datetime.fromtimestamp(instant_ms / 1000, zone)
        if self.language == "vi":
            return f"{at.day}/{at.month}/{at.year}"
        return f"{at.day} {_MONTHS_EN[at.month - 1]} {at.year}"

    def moment(self, instant_ms: int, *, zone: ZoneInfo) -> str:
        """Return a time of day with its day of the week and date."""
        at = datetime.fromtimestamp(instant_ms / 1000, zone)
        weekday = _WEEKDAYS[self.language][at.weekday()]
        return f"{at:%H:%M} · {weekday}, {self.date(instant_ms, zone=zone)}"


@cache
def words_in(language: str) -> Words:
    """Return the words of a language that is one of LANGUAGES."""
    raw = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return Words(language, raw[language])


def language_of(request: web.Request) -> str:
    """Return the language a reader wants: chosen before, or what the browser prefers."""
    for wanted in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    preferred = request.headers.get("Accept-Language", "")
    ranked = sorted(map(_with_weight, preferred.split(",")), key=lambda one: -one[0])
    return next((name for weight, name in ranked if name in LANGUAGES and weight > 0), "vi")


def _with_weight(part: str) -> tuple[float, str]:
    """Read one entry such as "en-GB;q=0.8"."""
    name, _, weight = part.partition(";")
    try:
        value = float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        value = 0.0
    return value, name.strip().partition("-")[0].lower()
