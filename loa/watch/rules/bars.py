"""What is wrong enough to tell somebody, and when it is right again.

A measure that rests just beside its bar would be told of every minute; so an open alert ends
only when the measure is clearly on the good side (EASE), and has been for a while (judging).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

EASE = 0.2


class Kind(StrEnum):
    """What can be wrong."""

    DELIVERY = "delivery"
    NOTHING_SENT = "nothing_sent"
    CHANNEL_LOST = "channel_lost"
    GRANT_ENDING = "grant_ending"
    API_ENDING = "api_ending"
    ERROR_RATE = "error_rate"
    DISK_LOW = "disk_low"
    BACKUP_OLD = "backup_old"


@dataclass(frozen=True, slots=True)
class Bar:
    """From where on a kind is told of. limit: in the kind's unit; least: tries to judge by."""

    is_on: bool = True
    limit: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """How one thing stands.

    value: how many, or in the unit of the kind's bar. base: of how many tries. count: how
    many things it stands for. facts: what a sentence about it needs; plain JSON values.
    """

    kind: Kind
    subject: str
    value: float
    base: int = 0
    count: int = 1
    facts: Mapping[str, str | int] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What an open alert is found by."""
        return (self.kind.value, self.subject)


DEFAULTS: Mapping[Kind, Bar] = {
    Kind.DELIVERY: Bar(),
    Kind.NOTHING_SENT: Bar(limit=10),  # minutes
    Kind.CHANNEL_LOST: Bar(),
    Kind.GRANT_ENDING: Bar(limit=7),  # days
    Kind.API_ENDING: Bar(limit=30),  # days
    Kind.ERROR_RATE: Bar(limit=30, least=10),  # percent of so many tries
    Kind.DISK_LOW: Bar(limit=2),  # gigabytes
    Kind.BACKUP_OLD: Bar(limit=7),  # days
}
BOUNDS: Mapping[Kind, tuple[int, int]] = {
    Kind.NOTHING_SENT: (2, 1440),
    Kind.GRANT_ENDING: (1, 60),
    Kind.API_ENDING: (1, 365),
    Kind.ERROR_RATE: (1, 100),
    Kind.DISK_LOW: (1, 1000),
    Kind.BACKUP_OLD: (1, 90),
}
LEAST_BOUNDS = (3, 1000)
_LITTLE_IS_BAD = frozenset({Kind.GRANT_ENDING, Kind.API_ENDING, Kind.DISK_LOW})


def is_wrong(measure: Measure, bar: Bar, *, is_open: bool) -> bool:
    """Say whether to tell of `measure`, or to go on saying that it is wrong."""
    if not bar.is_on:
        return False
    if measure.kind not in BOUNDS:
        return measure.value > 0
    if measure.kind == Kind.ERROR_RATE and measure.base < (1 if is_open else bar.least):
        return False
    if measure.kind in _LITTLE_IS_BAD:
        return measure.value <= bar.limit * (1 + EASE if is_open else 1)
    return measure.value >= bar.limit * (1 - EASE if is_open else 1)
