"""What a look at an address means, and when to look again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Posts that go out within this time have their links looked at.
AHEAD = timedelta(hours=24)
STALE_AFTER = timedelta(hours=6)
# Once more shortly before a post is due, when what we know is older than this.
SHORTLY = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)
OK, MULTIPLE, BAD, SERVER = 200, 300, 400, 500
NOT_FOUND, GONE, TOO_MANY, UNAVAILABLE = 404, 410, 429, 503


class Seen(StrEnum):
    """What the last look found. unsure: it answered, and would not let us look."""

    UNKNOWN = "unknown"
    FINE = "fine"
    BROKEN = "broken"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look means. code: why, "" when it is fine."""

    seen: Seen
    code: str = ""
    status: int | None = None
    retry_after_s: float | None = None


def of_status(status: int, *, retry_after_s: float | None = None) -> Verdict:
    """Return what an answer with this status means to somebody who clicks."""
    if OK <= status < MULTIPLE or status == 304:  # noqa: PLR2004 (not modified: it is there)
        return Verdict(Seen.FINE, status=status)
    if status in {NOT_FOUND, GONE}:
        return Verdict(Seen.BROKEN, "gone", status)
    if status == TOO_MANY or (status == UNAVAILABLE and retry_after_s is not None):
        return Verdict(Seen.UNSURE, "asked_to_wait", status, retry_after_s)
    if status >= SERVER:
        return Verdict(Seen.BROKEN, "server", status)
    if status < BAD:
        return Verdict(Seen.BROKEN, "redirect", status)
    return Verdict(Seen.UNSURE, "not_let_in", status)


def of_failure(code: str) -> Verdict:
    """Return what it means that there was no answer. code: of the ConnectorError."""
    whys = {
        "network.timeout": "timeout",
        "time.over": "timeout",
        "network.unresolved": "no_host",
        "network.unreachable": "unreachable",
        "network.tls": "certificate",
        "network.redirects": "loop",
        "egress.blocked": "private",
    }
    return Verdict(Seen.BROKEN, whys.get(code, "unreadable"))


def wants_look(
    *, checked_at: datetime | None, due_at: datetime, now: datetime, retry_at: datetime | None
) -> bool:
    """Say whether a link of a post that goes out at `due_at` should be looked at now."""
    if retry_at is not None and retry_at > now:
        return False
    if checked_at is None:
        return True
    age = now - checked_at
    return age > STALE_AFTER or (due_at - now <= SHORTLY and age > SHORTLY)


def retry_at(verdict: Verdict, *, now: datetime) -> datetime | None:
    """Return until when the host wants to be left alone; None when it did not say."""
    if verdict.retry_after_s is None:
        return None
    return now + min(timedelta(seconds=max(verdict.retry_after_s, 1)), LONGEST_WAIT)
