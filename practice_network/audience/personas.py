"""The kinds of audience, read from personas.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_HOURS_OF_A_WEEK = 168
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Persona:
    """One kind of audience; the file explains each value.

    activity: people looking in each hour of the week, Monday 0 h first, with mean 1.
    """

    name: str
    activity: tuple[float, ...]
    reads: Mapping[str, float]
    writes_english: float
    reach_ratio: float
    views_per_person: float
    like_rate: float
    comment_rate: float
    repost_rate: float
    click_rate: float
    stranger_share: float
    follow_rate: float
    formats: Mapping[str, float]
    things: tuple[str, ...]
    things_en: tuple[str, ...]
    intents: Mapping[str, float]


@cache
def personas() -> dict[str, Persona]:
    """Return every kind of audience by its name."""
    raw = files(__package__).joinpath("personas.toml").read_text("utf-8")
    return {name: _persona(name, fields) for name, fields in tomllib.loads(raw).items()}


def _persona(name: str, fields: dict[str, Any]) -> Persona:
    weekday, weekend, day = (fields.pop(key) for key in ("weekday", "weekend", "day"))
    week = [
        factor * hour
        for number, factor in enumerate(day)
        for hour in (weekend if number >= _SATURDAY else weekday)
    ]
    mean = sum(week) / _HOURS_OF_A_WEEK
    things, things_en = tuple(fields.pop("things")), tuple(fields.pop("things_en"))
    return Persona(
        name=name,
        activity=tuple(hour / mean for hour in week),
        things=things,
        things_en=things_en,
        **fields,
    )
