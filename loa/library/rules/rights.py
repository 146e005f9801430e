"""Until when a picture may be used, by its licence and by the consent of those it shows.

Days are calendar days of the workspace's zone; the last one on which the picture may go out
still counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ENDING_WITHIN = timedelta(days=14)


class Licence(StrEnum):
    """On what grounds the workspace may use a picture."""

    UNKNOWN = ""
    OWN = "own"
    LICENSED = "licensed"
    PERMISSION = "permission"
    STOCK = "stock"
    OTHER = "other"


class Standing(StrEnum):
    """How long a picture may still be used, at a glance."""

    OPEN = "open"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A person shown agreed to it. until: the last day; None when no end was agreed."""

    person: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What limits the use of a picture. until: of its licence, None when that has no end."""

    until: date | None = None
    agreed: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that no longer holds. person: whose consent; "" for the licence itself."""

    until: date
    person: str = ""


def usable_until(rights: Rights) -> date | None:
    """Return the last day on which everything holds; None when nothing ends."""
    days = [rights.until, *(one.until for one in rights.agreed)]
    return min((day for day in days if day is not None), default=None)


def ended_by(rights: Rights, *, on: date) -> tuple[Ended, ...]:
    """Return what no longer holds on the day `on`, the licence first."""
    found = [] if rights.until is None else [Ended(rights.until)]
    found += [Ended(one.until, one.person) for one in rights.agreed if one.until is not None]
    return tuple(one for one in found if one.until < on)


def standing(until: date | None, *, today: date) -> Standing:
    """Return how a picture stands that may be used `until` then."""
    if until is None or until - today > ENDING_WITHIN:
        return Standing.OPEN
    return Standing.ENDED if until < today else Standing.ENDING
