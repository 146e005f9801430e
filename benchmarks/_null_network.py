"""A network that takes no time: accepts every post at once and remembers what it was told.

Speaks just enough of the practice network's API to be published to, in one process of its
own, so that a benchmark measures Loa and not the other side. GET /ledger tells every key.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import urlopen

_CREATED = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class NullNetwork:
    """The running network."""

    base_url: str

    def accepted(self) -> list[tuple[str, float]]:
        """Return the text of every accepted post, with the instant (epoch seconds)."""
        with urlopen(f"{self.base_url}/ledger") as answer:  # noqa: S310 - our own address
            return [(text, at) for text, at in json.load(answer)]


@contextmanager
def null_network() -> Iterator[NullNetwork]:
    """Run the network for the length of the block."""
    process = subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, __file__], stdout=subprocess.PIPE, text=True
    )
    try:
        address = process.stdout.readline().strip() if process.stdout else ""
        yield NullNetwork(address)
    finally:
        process.kill()
        process.communicate()


class _Peer(asyncio.Protocol):
    """One connection. Requests come whole or in pieces, one after the other."""

    ledger: list[tuple[str, float]] = []  # noqa: RUF012 - one ledger for all connections

    def __init__(self) -> None:
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:end]
            length = 0
            at = head.lower().find(b"content-length:")
            if at >= 0:
                length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self._came) < end + 4 + length:
                return
            body = self._came[end + 4 : end + 4 + length]
            self._came = self._came[end + 4 + length :]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /ledger"):
            content = json.dumps(self.ledger).encode()
        else:
            now = asyncio.get_running_loop().time()
            self.ledger.append((json.loads(body)["text"], _epoch(now)))
            number = len(self.ledger)
            content = (
                b'{"id":"%d","url":"http://null.example/%d","created_at":"%s"}'
                % (number, number, _CREATED.encode())
            )
        self._transport.write(  # type: ignore[attr-defined]  # a stream transport
            b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(content), content)
        )


_offset = 0.0


def _epoch(loop_time: float) -> float:
    return loop_time + _offset


async def _serve() -> None:
    global _offset  # noqa: PLW0603 - set once, before anybody connects
    import time  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    _offset = time.time() - loop.time()
    server = await loop.create_server(_Peer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
