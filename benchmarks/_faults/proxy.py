"""A bad line: a proxy between Loa and the network that cuts, delays and forgets."""

import random
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 65_536


@dataclass
class Line:
    """A line to `target`. cut: nothing gets through and what is open is reset.

    loss: the share of connections that break after a number of bytes drawn by chance, in
    either direction. delay_s: how long each connection waits before its first byte.
    """

    target: tuple[str, int]
    chance: random.Random
    address: str = ""
    cut: bool = False
    loss: float = 0.0
    delay_s: float = 0.0
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def break_off(self) -> None:
        """Cut the line, also under what is being said at this moment."""
        self.cut = True
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Be a good line from now on."""
        self.cut, self.loss, self.delay_s = False, 0.0, 0.0

    def serve(self, near: socket.socket) -> None:
        """Carry one connection until one side has enough, or the line has."""
        left = self.chance.randint(0, 1500) if self.chance.random() < self.loss else None
        with near:
            if self.cut:
                return
            time.sleep(self.delay_s)
            with suppress(OSError), socket.create_connection(self.target, 5) as far:  # noqa: TID251
                with self._lock:
                    self._open |= {near, far}
                try:
                    _carry(near, far, left)
                finally:
                    with self._lock:
                        self._open -= {near, far}


def _carry(near: socket.socket, far: socket.socket, left: int | None) -> None:
    while True:
        for source in select.select([near, far], [], [], 60)[0]:
            data = source.recv(CHUNK if left is None else max(1, min(CHUNK, left)))
            if not data:
                return
            (far if source is near else near).sendall(data)
            if left is not None:
                left -= len(data)
                if left <= 0:
                    return


@contextmanager
def line_to(address: str, chance: random.Random) -> Iterator[Line]:
    """Run a line to the server at `address` for the block."""
    parts = urlsplit(address)
    made = Line((parts.hostname or "", parts.port or 80), chance)
    listening = socket.create_server(("127.0.0.1", 0))
    # By its name, so that names are looked up.
    made.address = f"http://localhost:{listening.getsockname()[1]}"

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                threading.Thread(target=made.serve, args=(near,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield made
    finally:
        made.break_off()
        listening.close()
