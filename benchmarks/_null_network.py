"""A network that takes no time: accepts every post at once and remembers what it was told.

Speaks just enough of the practice network's API to be published to, in one process of its
own, so that a benchmark measures Loa and not the other side. A line LEDGER gets what was accepted.
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

_CREATED = "2026-01-01T00:00:00.000Z"
_HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass(frozen=True, slots=True)
class NullNetwork:
    """The running network."""

    base_url: str

    def accepted(self) -> list[tuple[str, float]]:
        """Return the text of every accepted post, with the instant (epoch seconds)."""
        parts = urlsplit(self.base_url)
        with socket.create_connection((parts.hostname or "", parts.port or 80)) as peer:
            peer.sendall(b"LEDGER\r\n\r\n")
            found = json.loads(b"".join(iter(lambda: peer.recv(1 << 20), b"")))
        return [(text, at) for text, at in found]


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

    ledger: list[tuple[str, float]] = []

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
            self.ledger.append((json.loads(body)["text"], time.time()))
            number = len(self.ledger)
            content = b'{"id":"%d","url":"http://null.example/%d","created_at":"%s"}' % (
                number,
                number,
                _CREATED.encode(),
            )
        self._transport.write(_HEAD % len(content) + content)  # type: ignore[attr-defined]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Peer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
