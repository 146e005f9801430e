"""The persons of the audience: who they are and how they write."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from practice_network.audience.chance import named
from practice_network.text import fold

POPULATION = 600
_NICKNAMED = 0.12
_REGULARS = 2.2
_START_LOW = 0.7
# Most people write diacritics, some when they have time, some never.
_MARKS_DROPPED = (0.03, 0.35, 0.95)
_HOW_MANY_DROP_MARKS = (60, 20, 20)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who reads and comments.

    language: vi or en. drops_marks: how likely a comment comes without diacritics. teencode:
    how likely each word is written the short way. stretches: loves "ngonnn". loud: adds !!!.
    """

    number: int
    handle: str
    name: str
    language: str
    drops_marks: float
    teencode: float
    stretches: float
    loud: float
    starts_low: bool


@dataclass(frozen=True, slots=True)
class _Names:
    surnames: list[str]
    weights: list[int]
    middle: list[str]
    given: list[str]
    nicknames: list[str]
    english: list[str]
    english_surnames: list[str]


class People:
    """The population of one network; the same seed brings the same people."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._known: dict[int, Person] = {}

    def person(self, number: int, *, writes_english: float) -> Person:
        """Return one person; the last share of the population, `writes_english`, is English."""
        is_english = number >= POPULATION * (1 - writes_english)
        key = -number if is_english else number
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _make(self._seed, number, is_english=is_english)
        return known

    def by_handle(self, handle: str) -> Person | None:
        """Return the person called `handle`; None when nobody of the audience is."""
        number = handle[-3:]
        if not number.isdecimal() or int(number) >= POPULATION:
            return None
        for writes_english in (0.0, 1.0):
            person = self.person(int(number), writes_english=writes_english)
            if person.handle == handle:
                return person
        return None

    def pick(self, account: str, *, draw: float, writes_english: float) -> Person:
        """Return who acts for a uniform draw: some people are regulars, most come rarely."""
        rank = int(POPULATION * draw**_REGULARS)
        return self.at_rank(account, rank, writes_english=writes_english)

    def at_rank(self, account: str, rank: int, *, writes_english: float) -> Person:
        """Return the person who is the `rank`-th most regular of an account's audience."""
        shift = named(self._seed, "crowd", account).randrange(POPULATION)
        # A stride that shares no factor with the population visits everybody once.
        return self.person((shift + rank * 7) % POPULATION, writes_english=writes_english)


@cache
def _names() -> _Names:
    raw = files(__package__).joinpath("names.toml").read_text("utf-8")
    return _Names(**tomllib.loads(raw))


def _make(seed: int, number: int, *, is_english: bool) -> Person:
    chance = named(seed, "person", number, is_english)
    names = _names()
    if is_english:
        name = f"{chance.choice(names.english)} {chance.choice(names.english_surnames)}"
        short = name.split(maxsplit=1)[0]
    elif chance.random() < _NICKNAMED:
        name = short = chance.choice(names.nicknames)
    else:
        [surname] = chance.choices(names.surnames, names.weights)
        short = chance.choice(names.given)
        name = f"{surname} {chance.choice(names.middle)} {short}"
    # The number keeps handles apart; the letter keeps them apart from accounts' handles.
    handle = f"{fold(short).replace(' ', '')}.{fold(name)[0]}{number:03d}"
    [drops_marks] = chance.choices(_MARKS_DROPPED, _HOW_MANY_DROP_MARKS)
    return Person(
        number=number,
        handle=handle,
        name=name,
        language="en" if is_english else "vi",
        drops_marks=drops_marks,
        teencode=max(0.0, chance.gauss(0.22, 0.25)),
        stretches=max(0.0, chance.gauss(0.04, 0.08)),
        loud=max(0.0, chance.gauss(0.1, 0.15)),
        starts_low=chance.random() < _START_LOW,
    )
