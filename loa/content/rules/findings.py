"""What a check noticed: a code, a place, a severity. Templates word the codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Value = str | int


class Severity(StrEnum):
    """How much a finding weighs: block keeps the post from going out."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


WEIGHT = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.HINT: 2}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document: a part (from 0), an attachment of it (from 0), or the first comment.

    All left out: the document as a whole.
    """

    part: int | None = None
    attachment: int | None = None
    first_comment: bool = False


WHOLE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know before the post goes out.

    code: stable, lower case with a dot ("text.too_long"). values: what the sentence needs.
    """

    code: str
    severity: Severity
    place: Place = WHOLE
    values: Mapping[str, Value] = field(default_factory=dict)


def blocks(findings: Iterable[Finding]) -> bool:
    """Say whether any of `findings` keeps the document from being published."""
    return any(one.severity == Severity.BLOCK for one in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` with the heaviest first, and from top to bottom among equals."""

    def key(one: Finding) -> tuple[int, bool, int, int]:
        part = -1 if one.place.part is None else one.place.part
        attachment = -1 if one.place.attachment is None else one.place.attachment
        return (WEIGHT[one.severity], one.place.first_comment, part, attachment)

    return tuple(sorted(findings, key=key))
