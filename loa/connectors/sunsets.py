"""What an answer's headers say about the end of the interface we speak. Pure.

Sunset (RFC 8594) names the instant from which it no longer answers; Deprecation (RFC 9745)
only says that it is outdated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from loa.connectors.contract import Answer, Request
from loa.connectors.waits import instant

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sunset:
    """The announced end of a platform's interface; ends_at: None where no day is named."""

    ends_at: datetime | None = None


def told(request: Request, answer: Answer) -> Sunset | None:
    """Return what the platform announces with an answer; None when it announces nothing.

    Only calls that carry a grant count: a page that a link leads to is not the platform.
    """
    if not any(name.lower() == "authorization" for name in request.headers):
        return None
    ends_at = instant(answer.headers.get("sunset", "").strip())
    if ends_at is not None:
        return Sunset(ends_at)
    return Sunset() if _is_outdated(answer.headers) else None


def sooner(one: Sunset | None, other: Sunset | None) -> Sunset | None:
    """Return which of two announcements comes first; a named day goes before none."""
    known = [each for each in (one, other) if each is not None]
    return min(known, key=lambda each: each.ends_at or _NEVER, default=None)


def _is_outdated(headers: Mapping[str, str]) -> bool:
    """Say whether Deprecation is set: a date ("@1688169599"), or "true" as in its drafts."""
    said = headers.get("deprecation", "").strip().lower()
    return bool(said) and said not in {"false", "?0"}
