"""The only place that reads the clock.

Everything asks `now()`, so a test, the demo and a replay can live in another time. The
override belongs to the context (thread or task) that set it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

# Linux stops CLOCK_MONOTONIC in suspend; a laptop that slept must find its deadlines passed.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# The database's own clock, in seconds since 1970: to compare it with ours, never to live by it.
ASK_DATABASE = "SELECT extract(epoch FROM clock_timestamp())::float8"

_set_to: ContextVar[datetime | None] = ContextVar("loa_clock", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    return _set_to.get() or datetime.now(UTC)


def monotonic_s() -> float:
    """Return seconds that only ever grow, also while the wall clock is corrected.

    Where the system can tell, the time that the machine slept counts.
    """
    return time.clock_gettime(_STEADY)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let `now()` answer `instant` inside the block."""
    if instant.tzinfo is None:
        raise ValueError("the clock is set to instants: give a time zone")
    token = _set_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


@contextmanager
def ahead(by: timedelta) -> Iterator[None]:
    """Let `now()` answer `by` later than it would outside the block."""
    with at(now() + by):
        yield
