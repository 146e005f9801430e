"""Read what a platform answered, without trusting its shape. Pure.

Every reader raises Unreadable for what is not there or not of the kind it should be; a
platform's wire.py turns JSON into typed values with them, and nowhere else is JSON opened.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from loa.connectors.contract import Answer
from loa.connectors.errors import NotSent, Uncertain
from loa.kernel.errors import LoaError
from loa.kernel.json import JSON

MAX_TEXT_CHARS = 100_000
MAX_COUNT = 2**53
MAX_RATIO = 100.0


class Unreadable(LoaError):
    """The answer does not hold what it should; the text names the place, not the content."""


def at(body: JSON, *path: str) -> JSON:
    """Return what lies at `path` in nested objects, None when any step is missing."""
    for name in path:
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    return body


def text(body: JSON, *path: str) -> str:
    """Return a text that is there, not empty, and that a database can keep."""
    found = at(body, *path)
    # PostgreSQL keeps no NUL and UTF-8 has no lone surrogate; no real id or name has them.
    if (
        not isinstance(found, str)
        or not found.strip()
        or len(found) > MAX_TEXT_CHARS
        or "\0" in found
        or not _has_utf8(found)
    ):
        raise Unreadable(f"no text at {'.'.join(path)}")
    return found


def text_or(body: JSON, *path: str, default: str = "") -> str:
    """Return the text at `path`, or `default` when there is none that can be kept."""
    try:
        return text(body, *path)
    except Unreadable:
        return default


def web_address(body: JSON, *path: str) -> str:
    """Return an http or https address, which a page may safely link to."""
    found = text(body, *path)
    if not found.startswith(("https://", "http://")) or found.split() != [found]:
        raise Unreadable(f"no address at {'.'.join(path)}")
    return found


def web_address_or(body: JSON, *path: str, default: str = "") -> str:
    """Return the address at `path`, or `default` when there is none a page may link to."""
    try:
        return web_address(body, *path)
    except Unreadable:
        return default


def count(body: JSON, *path: str) -> int:
    """Return a whole number of zero or more."""
    found = at(body, *path)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MAX_COUNT:
        raise Unreadable(f"no count at {'.'.join(path)}")
    return found


def count_or(body: JSON, *path: str, default: int) -> int:
    """Return the count at `path` when it is a positive one, else `default`."""
    try:
        return count(body, *path) or default
    except Unreadable:
        return default


def ratio_or_none(body: JSON, *path: str) -> float | None:
    """Return a number above zero; None when there is none."""
    found = at(body, *path)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if 0 < found <= MAX_RATIO else None


def rows(body: JSON, *path: str) -> list[JSON]:
    """Return a list."""
    found = at(body, *path)
    if not isinstance(found, list):
        raise Unreadable(f"no list at {'.'.join(path)}")
    return found


def texts(body: JSON, *path: str) -> tuple[str, ...]:
    """Return the texts in the list at `path`; empty when there is no such list."""
    found = at(body, *path)
    if not isinstance(found, list):
        return ()
    return tuple(one for one in found if isinstance(one, str) and one and _has_utf8(one))


def instant(body: JSON, *path: str) -> datetime:
    """Return an instant in UTC from ISO 8601 with a time zone."""
    try:
        found = datetime.fromisoformat(text(body, *path))
        if found.tzinfo is None:
            raise Unreadable(f"no time zone at {'.'.join(path)}")
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"no instant at {'.'.join(path)}") from None


def read_from[T](answer: Answer, read: Callable[[JSON], T], *, platform: str) -> T:
    """Read a successful answer of a call that nobody sees; NotSent when it cannot be read."""
    try:
        return read(answer.body)
    except Unreadable as error:
        raise NotSent(
            str(error), platform=platform, code="answer.unreadable", status=answer.status
        ) from None


def read_visible[T](answer: Answer, read: Callable[[JSON], T], *, platform: str) -> T:
    """Read a success of the visible call. What cannot be read may be live: Uncertain."""
    try:
        return read(answer.body)
    except Unreadable as error:
        raise Uncertain(
            str(error), platform=platform, code="answer.unreadable", status=answer.status
        ) from None


def readable[T](items: Iterable[JSON], read: Callable[[JSON], T]) -> list[T]:
    """Read each of `items`, leaving out those that cannot be read."""
    found: list[T] = []
    for item in items:
        try:
            found.append(read(item))
        except Unreadable:
            continue
    return found


def _has_utf8(found: str) -> bool:
    try:
        found.encode()
    except UnicodeEncodeError:
        return False
    return True
