"""How audit entries hang together: each entry seals the one before it.

The seal is an HMAC under a key that only the installation can open, so whoever can write to
the database, but has no master key, can neither change nor forge an entry unnoticed.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from loa.kernel.json import JSON

FIRST_HASH = "0" * 64
LONGEST_VALUE = 400
SECRET_WORDS = ("token", "secret", "password", "passwd", "cookie", "authorization", "api_key")


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit entry as plain values. member_id: None for the system or a stranger."""

    workspace_id: int
    number: int
    at: datetime
    member_id: int | None
    action: str
    subject: str
    detail: Mapping[str, JSON]
    previous_hash: str


class Damage(StrEnum):
    """What a check of the chain can find."""

    MISSING = "missing"  # a number was skipped: entries were taken away
    BROKEN = "broken"  # an entry does not follow from the one before it
    CHANGED = "changed"  # an entry is not what was sealed
    SHORTER = "shorter"  # the trail ends before an entry that was seen earlier


def seal(entry: Entry, *, key: bytes) -> str:
    """Return the hash of `entry` under `key`, as 64 hexadecimal digits."""
    words = json.dumps(
        [
            entry.workspace_id,
            entry.number,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.member_id,
            entry.action,
            entry.subject,
            dict(entry.detail),
            entry.previous_hash,
        ],
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def first_damage(entries: Iterable[tuple[Entry, str]], *, key: bytes) -> tuple[int, Damage] | None:
    """Return the number of the first entry that is wrong, and how; None when all is whole.

    `entries` are all entries of one workspace in order, each with the hash kept beside it.
    """
    expected, previous = 1, FIRST_HASH
    for entry, kept in entries:
        if entry.number != expected:
            return expected, Damage.MISSING
        if entry.previous_hash != previous:
            return entry.number, Damage.BROKEN
        if not hmac.compare_digest(seal(entry, key=key), kept):
            return entry.number, Damage.CHANGED
        expected, previous = expected + 1, kept
    return None


def fit_to_keep(detail: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return `detail` with long words cut; ValueError for what may not be kept for ever.

    A name that says secret is a mistake in the code that calls. Floats are refused because
    they may come back from the database spelled differently, which would break the seal.
    """
    return {name: _fit(name, value) for name, value in detail.items()}


def _fit(name: str, value: JSON) -> JSON:
    if any(word in name.lower() for word in SECRET_WORDS):
        raise ValueError(f"{name!r} sounds like a secret: the audit trail keeps none")
    match value:
        case str():
            return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        case bool() | int() | None:
            return value
        case list():
            return [_fit(name, one) for one in value]
        case dict():
            return fit_to_keep(value)
        case _:
            raise ValueError(f"{name!r} has a value that is not kept: {type(value).__name__}")
