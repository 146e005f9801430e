"""The database session that holds this worker's advisory lock for as long as the worker lives.

Platforms check no fences, so before a delivery of a dead worker may be sent again it must be
sure that the worker is dead. PostgreSQL ends a session when its process dies, and with it the
lock; whoever gets the lock knows. Markers are written on this very session: a marker that
commits proves that the lock was held.
"""

import secrets

from django.db import InterfaceError, OperationalError, connection

# What a database that went away raises.
AWAY = (OperationalError, InterfaceError)


class Session:
    """The present thread's connection, with a lock that names this worker.

    A new connection gets a new name: what the old one held is for the sweeper.
    """

    def __init__(self) -> None:
        self._raw: object | None = None
        self._worker = 0

    @property
    def worker(self) -> int:
        """The name of this worker, in force since `hold` returned it."""
        return self._worker

    def hold(self) -> int:
        """Return the worker's name, taking a fresh lock when the connection is new."""
        if self._raw is None or connection.connection is not self._raw:
            connection.ensure_connection()
            # 63 random bits: never used twice, and no other lock of ours is so large.
            worker = secrets.randbits(62) | 1 << 62
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [worker])
            self._raw, self._worker = connection.connection, worker
        return self._worker

    def drop(self) -> None:
        """Forget a broken connection."""
        self._raw = None
        connection.close()

    def release(self) -> None:
        """Give the lock back on a healthy connection, at the end of the work."""
        if self._raw is not None and connection.connection is self._raw:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [self._worker])
        self._raw = None
