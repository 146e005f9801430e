"""The dates the world keeps: holidays, sale days, memorial days, days by the moon."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from loa.plan.rules.days_off import days_off, mourning_on
from loa.plan.rules.lunar import lunar_day


class Kind(StrEnum):
    """What a day is to a brand."""

    HOLIDAY = "holiday"
    OCCASION = "occasion"
    SALE = "sale"
    MOURNING = "mourning"


@dataclass(frozen=True, slots=True)
class Observance:
    """A date the world keeps. is_major: worth a ribbon. is_sober: no jokes, no selling."""

    code: str
    kind: Kind
    names: Mapping[str, str]
    is_major: bool = True
    is_sober: bool = False

    def name(self, language: str) -> str:
        """Return its name in `language` ("vi", "en-gb", ...); English where there is none."""
        return self.names.get(language.partition("-")[0], self.names["en"])


@lru_cache(maxsize=4096)
def observances_on(day: date) -> tuple[Observance, ...]:
    """Return what `day` is kept for, the most important first."""
    found = [Observance("mourning", Kind.MOURNING, one, is_sober=True) for one in mourning_on(day)]
    found += [Observance("public-holiday", Kind.HOLIDAY, one) for one in days_off(day)]
    found += [rule.observance for rule in _rules() if rule.falls_on(day)]
    return tuple(sorted(found, key=lambda one: not one.is_major))


@dataclass(frozen=True, slots=True)
class _Rule:
    """When an observance falls; exactly one of the ways is filled in."""

    observance: Observance
    on: tuple[int, int] | None = None
    lunar: tuple[int, int] | None = None
    every_month: int | None = None
    nth_weekday: tuple[int, int, int, int] | None = None

    def falls_on(self, day: date) -> bool:
        """Say whether the observance is on `day`."""
        if self.on is not None:
            return (day.day, day.month) == self.on
        if self.every_month is not None:
            return day.day == self.every_month
        if self.lunar is not None:
            moon = lunar_day(day)
            return (moon.day, moon.month) == self.lunar and not moon.is_leap
        return self.nth_weekday is not None and _is_nth_weekday(day, *self.nth_weekday)


def _is_nth_weekday(day: date, month: int, weekday: int, nth: int, plus: int) -> bool:
    anchor = day - timedelta(days=plus)
    return (anchor.month, anchor.weekday(), (anchor.day - 1) // 7 + 1) == (month, weekday, nth)


@cache
def _rules() -> tuple[_Rule, ...]:
    table = tomllib.loads((files(__package__) / "observances.toml").read_text(encoding="utf-8"))
    return tuple(_rule(row) for row in table["day"])


def _rule(row: Mapping[str, Any]) -> _Rule:
    observance = Observance(
        code=row["code"],
        kind=Kind(row.get("kind", Kind.OCCASION)),
        names={"vi": row["vi"], "en": row["en"]},
        is_major=row.get("prominence", "major") == "major",
        is_sober=row.get("care") == "sober",
    )
    if "on" in row:
        return _Rule(observance, on=_day_and_month(row["on"]))
    if "lunar" in row:
        return _Rule(observance, lunar=_day_and_month(row["lunar"]))
    if "every_month" in row:
        return _Rule(observance, every_month=row["every_month"])
    rule = (row["month"], row["weekday"], row["nth"], row.get("plus", 0))
    return _Rule(observance, nth_weekday=rule)


def _day_and_month(text: str) -> tuple[int, int]:
    day, month = text.split("/")
    return int(day), int(month)
