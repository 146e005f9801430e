"""Idle connections, by origin. Shared by every thread of the process."""

import os
import threading
import time
from collections import defaultdict, deque

from loa.connectors.transport.addresses import Origin
from loa.connectors.transport.connection import Connection

# Node closes an idle connection after 5 s; a request that meets the closing loses its answer.
REUSE_WITHIN_S = 4.0
MAX_IDLE_PER_ORIGIN = 64


class Pool:
    """The newest idle connection is reused first, so that the oldest ones die out."""

    def __init__(self) -> None:
        self._idle: dict[Origin, deque[Connection]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._owner_pid = os.getpid()

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
            if time.monotonic() - connection.idle_since < REUSE_WITHIN_S and connection.is_alive():
                return connection
            connection.close()

    def give(self, origin: Origin, connection: Connection) -> None:
        """Keep `connection` for the next request, or close it when it cannot carry one."""
        connection.idle_since = now = time.monotonic()
        dead: list[Connection] = []
        with self._lock:
            idle = self._idle[origin]
            idle.append(connection)
            while idle and (
                len(idle) > MAX_IDLE_PER_ORIGIN or now - idle[0].idle_since > REUSE_WITHIN_S
            ):
                dead.append(idle.popleft())
        for one in dead:
            one.close()

    def close(self) -> None:
        """Close every idle connection; ones in use are closed by their thread."""
        with self._lock:
            left = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
        for connection in left:
            connection.close()

    def _forget(self) -> None:
        self._idle = defaultdict(deque)
        self._lock = threading.Lock()
        self._owner_pid = os.getpid()
