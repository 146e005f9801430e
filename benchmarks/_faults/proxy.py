"""A bad line: a proxy between Loa and the network that cuts, delays and forgets."""

import random
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 65_536
ONE_IN = 10


@dataclass
class Line:
    """A line to `target`.

    cut: nothing gets through and what is open is reset. loses: of ten requests in a row, one by
    chance breaks its connection: on the way there, or on the way back. delay_s: how much longer
    each request takes. met: how many requests met what.
    """

    target: tuple[str, int]
    chance: random.Random
    address: str = ""
    cut: bool = False
    loses: bool = False
    delay_s: float = 0.0
    met: Counter[str] = field(default_factory=Counter)
    _unlucky: int = 0
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
        self.cut, self.loses, self.delay_s = False, False, 0.0

    def serve(self, near: socket.socket) -> None:
        """Carry one connection until one side has enough, or the line has."""
        with near:
            if self.cut:
                self._count("cut")
                return
            with suppress(OSError), socket.create_connection(self.target, 5) as far:  # noqa: TID251
                with self._lock:
                    self._open |= {near, far}
                try:
                    self._carry(near, far)
                finally:
                    with self._lock:
                        self._open -= {near, far}

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        while True:
            for source in select.select([near, far], [], [], 60)[0]:
                data = source.recv(CHUNK)
                if not data:
                    return
                if source is near:
                    if self.delay_s:
                        self._count("delay")
                        time.sleep(self.delay_s)
                    if self._is_lost():
                        _lose(far, data, self.chance.random())
                        return
                (far if source is near else near).sendall(data)

    def _count(self, what: str) -> int:
        with self._lock:
            self.met[what] += 1
            return self.met[what]

    def _is_lost(self) -> bool:
        if not self.loses:
            return False
        with self._lock:
            place = self.met["request"] % ONE_IN
            if place == 0:
                self._unlucky = self.chance.randrange(ONE_IN)
            self.met["request"] += 1
            is_lost = place == self._unlucky
            self.met["loss"] += is_lost
        return is_lost


def _lose(far: socket.socket, data: bytes, where: float) -> None:
    """Lose a request, half of the time on the way back: the network has accepted it then."""
    kept = int(len(data) * 2 * where)
    far.sendall(data[:kept])
    if kept >= len(data):
        far.settimeout(5)
        far.recv(1)


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
