"""The database session that holds this worker's advisory lock for as long as the worker lives.

Platforms check no fences, so before a delivery of a dead worker may be sent again it must be
sure that the worker is dead. PostgreSQL ends a session when its process dies, and with it the
lock; whoever gets the lock knows. Markers are written on this very session: a marker that
commits proves that the lock was held.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import connection

from loa.ops import fence
from loa.ops.listening import AWAY

# A cursor of either kind; what is executed on it may be answered only when it is fetched.
type Cursor = Any
type OpenCursor = Callable[[], Cursor]

_PREPARE_AFTER = 3

# When the worker's machine loses power, nothing tells the server that its session is over. It
# asks, and gives the lock back within half a minute.
_DIES_WITH_US = """
SELECT set_config('tcp_keepalives_idle', '10', false),
       set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false),
       set_config('tcp_user_timeout', '20s', false)
"""


def lasting_cursor() -> Cursor:
    """Return a cursor of the present transaction whose statements are read once, and kept.

    For what a worker asks again and again. JSON comes as text, as on all of Django's connections.
    """
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = _PREPARE_AFTER
    return psycopg.Cursor(raw)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements of this block without waiting for each.

    What failed is raised at a fetch, or at the end. Each whose answer is read needs a cursor of
    its own.
    """
    connection.ensure_connection()
    with connection.connection.pipeline():
        yield


class Session:
    """The present thread's connection, with a lock that names this worker.

    A new connection gets a new name: what the old one held is for the sweeper.
    """

    def __init__(self) -> None:
        self._raw: psycopg.Connection[Any] | None = None
        self._worker = 0

    @property
    def worker(self) -> int:
        """The name of this worker, in force since `hold` returned it; 0 while there is none."""
        return self._worker

    @property
    def is_broken(self) -> bool:
        """Say whether the connection is gone, and the lock with it."""
        return self._raw is None or self._raw.closed or connection.connection is not self._raw

    def hold(self) -> int:
        """Return the worker's name, taking a fresh lock when the connection is new."""
        if self.is_broken:
            if self._raw is not None:
                connection.close()
            connection.ensure_connection()
            # 62 random bits below a leading one: never used twice, and no other lock is so large.
            worker = secrets.randbits(62) | 1 << 62
            with connection.cursor() as cursor:
                cursor.execute(_DIES_WITH_US)
                cursor.execute("SELECT pg_advisory_lock(%s)", [worker])
            self._raw, self._worker = connection.connection, worker
            self._raw.prepare_threshold = _PREPARE_AFTER
        return self._worker

    def drop(self) -> None:
        """Forget a broken connection, and the name with it."""
        self._raw, self._worker = None, 0
        connection.close()

    def look(self) -> None:
        """Ask the connection for a sign of life; raises what a lost one raises."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    def release(self) -> None:
        """Give the lock back on a healthy connection, at the end of the work."""
        if not self.is_broken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [self._worker])
        self._raw = None

    @contextmanager
    def transaction(self) -> Iterator[OpenCursor]:
        """Open a transaction that sees every workspace, and wait for answers only at fetches.

        Each wait costs a switch between processes and between threads; ten statements that
        are sent together cost two. Inside another transaction they are sent one by one.
        """
        if connection.in_atomic_block or self._raw is None:
            with fence.everywhere("record what is sent and what was"):
                yield connection.cursor
            return
        raw = self._raw
        try:
            # psycopg's own transaction() would wait for each of BEGIN, COMMIT and what is between.
            with raw.pipeline():
                cursor = psycopg.Cursor(raw)
                cursor.execute("BEGIN", prepare=False)
                fence.open_everywhere(cursor, "record what is sent and what was")
                yield lambda: psycopg.Cursor(raw)
                cursor.execute("COMMIT", prepare=False)
        except BaseException:
            with suppress(*AWAY):
                raw.rollback()
            raise
