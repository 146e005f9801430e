"""A place in the log, as an address carries it: the time and id of a delivery.

Pages by number would shift whenever something new goes out, and reading the thousandth of them
costs as much as reading all before it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

LONGEST = 64
_BIGINT = 2**63


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins or ends: at this delivery, in the order of the log."""

    at: datetime
    delivery_id: int

    def __str__(self) -> str:
        return (
            f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S}.{self.at.microsecond:06}-{self.delivery_id}"
        )

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the place that `text` names; None for anything else."""
        instant, _, number = text.partition("-")
        if len(text) > LONGEST or not (number.isascii() and number.isdecimal()):
            return None
        try:
            at = datetime.strptime(instant, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(at, int(number)) if int(number) < _BIGINT else None
