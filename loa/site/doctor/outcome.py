"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much it matters."""

    OK = "ok"
    WARN = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the doctor's report: a whole sentence, with the way out when it is bad."""

    level: Level
    sentence: str


def ok(sentence: str) -> Outcome:
    """Return a good outcome."""
    return Outcome(Level.OK, sentence)


def look(sentence: str) -> Outcome:
    """Return an outcome that may be meant, or may not."""
    return Outcome(Level.WARN, sentence)


def wrong(sentence: str) -> Outcome:
    """Return an outcome that keeps Loa from working, or working safely."""
    return Outcome(Level.WRONG, sentence)
