"""Idle connections, by origin. Shared by every thread of the process."""

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from loa.connectors.transport.addresses import Origin
from loa.connectors.transport.connection import Connection

# Node closes an idle connection after 5 s; a request that meets the closing loses its answer.
REUSE_WITHIN_S = 4.0
MAX_IDLE_PER_ORIGIN = 64
SWEEP_EVERY_S = 5.0


class Pool:
    """The newest idle connection is reused first, so that the oldest ones die out."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._idle: dict[Origin, deque[Connection]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._owner_pid = os.getpid()
        self._swept_at = monotonic_s()

    def take(self, origin: Origin) -> Connection | None:
        """Return a live idle connection to `origin`, None when a new one is needed."""
        if self._owner_pid != os.getpid():
            self._forget()  # the sockets belong to the parent process
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                connection = idle.pop() if idle else None
            if connection is None:
                return None
            if (
                self._monotonic_s() - connection.idle_since < REUSE_WITHIN_S
                and connection.is_alive()
            ):
                return connection
            connection.close()

    def give(self, origin: Origin, connection: Connection) -> None:
        """Keep `connection` for the next request; now and then, close all that are too old."""
        connection.idle_since = now = self._monotonic_s()
        dead: list[Connection] = []
        with self._lock:
            self._idle[origin].append(connection)
            if len(self._idle[origin]) > MAX_IDLE_PER_ORIGIN:
                dead.append(self._idle[origin].popleft())
            if now - self._swept_at > SWEEP_EVERY_S:
                self._swept_at = now
                dead += self._too_old(now)
        for one in dead:
            one.close()

    def close(self) -> None:
        """Close every idle connection; ones in use are closed by their thread."""
        with self._lock:
            left = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
        for connection in left:
            connection.close()

    def _too_old(self, now: float) -> list[Connection]:
        """Take out what no request may use any more, of every origin."""
        old: list[Connection] = []
        for origin, idle in list(self._idle.items()):
            while idle and now - idle[0].idle_since > REUSE_WITHIN_S:
                old.append(idle.popleft())
            if not idle:
                del self._idle[origin]
        return old

    def _forget(self) -> None:
        self._idle = defaultdict(deque)
        self._lock = threading.Lock()
        self._owner_pid = os.getpid()
