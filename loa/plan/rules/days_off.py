"""Vietnam's public holidays with their swapped and compensatory days, and national mourning."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from holidays import country_holidays

# Our languages, and what the package calls them.
LANGUAGES = {"vi": "vi", "en": "en_US"}


@lru_cache(maxsize=4096)
def days_off(day: date) -> tuple[Mapping[str, str], ...]:
    """Return the names (by language) under which `day` is a public holiday; () when it is not."""
    table = _table()
    if any(row["day"] == day for row in table.get("removed", ())):
        return ()
    known = _known_in(day.year)
    if day in known:
        return (known[day],)
    added = (row for row in table.get("added", ()) if row["day"] == day)
    return tuple({"vi": row["vi"], "en": row["en"]} for row in added)


def mourning_on(day: date) -> tuple[Mapping[str, str], ...]:
    """Return the names of the national mourning held on `day`; () on other days."""
    return tuple(
        {"vi": row["vi"], "en": row["en"]}
        for row in _table().get("mourning", ())
        if row["first"] <= day <= row["last"]
    )


@lru_cache(maxsize=64)
def _known_in(year: int) -> dict[date, dict[str, str]]:
    found: dict[date, dict[str, str]] = {}
    for ours, theirs in LANGUAGES.items():
        for day, name in country_holidays("VN", years=year, language=theirs).items():
            found.setdefault(day, {})[ours] = name
    return found


@cache
def _table() -> dict[str, Any]:
    text = (files(__package__) / "days_off.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
