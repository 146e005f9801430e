"""How long a platform asks us to wait. Pure: its own clock is in the answer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 86_400.0
SHORTEST_S = 1.0


def retry_after_s(headers: Mapping[str, str], *, reset: str = "", default_s: float) -> float:
    """Return the seconds until the next try may be made, from 1 s to a day.

    Retry-After (RFC 9110: seconds or a date) goes before the platform's own header, whose
    name is `reset`: an ISO instant (Mastodon) or seconds since 1970 (Bluesky). Instants are
    compared with the answer's Date, so that no clock but the platform's matters.
    """
    for value in (headers.get("retry-after", ""), headers.get(reset, "")):
        wait_s = _wait_s(value.strip(), headers.get("date", ""))
        if wait_s is not None:
            return min(max(wait_s, SHORTEST_S), LONGEST_S)
    return default_s


def until_s(value: str, *, date: str) -> float | None:
    """Return the seconds until a header's instant; None when it names none.

    value: seconds, seconds since 1970, or an instant. date: the answer's own clock.
    """
    return _wait_s(value.strip(), date)


def _wait_s(value: str, date: str) -> float | None:
    if value.isdecimal() and len(value) < 16:  # noqa: PLR2004 — more digits are no time
        seconds = float(value)
        if seconds <= LONGEST_S:
            return seconds
        until: datetime | None = datetime.fromtimestamp(min(seconds, 2.5e11), UTC)
    else:
        until = instant(value)
    now = instant(date)
    if until is None or now is None:
        return None
    return (until - now).total_seconds()


def instant(value: str) -> datetime | None:
    """Read an instant as headers write it (ISO or HTTP); None when it is none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
