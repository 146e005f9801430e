"""A network that takes no time, or a fixed one: accepts every post and writes down its text.

Speaks just enough of the practice network's API to be published to, in one process of its
own, so that a benchmark measures Loa and not the other side.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_CREATED = b"2026-01-01T00:00:00.000Z"
_HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass(frozen=True, slots=True)
class NullNetwork:
    """The running network. ledger: one line per accepted post."""

    base_url: str
    ledger: Path

    def accepted(self) -> list[tuple[str, float]]:
        """Return the text of every accepted post, with the instant (epoch seconds)."""
        return [(text, at) for text, at in map(json.loads, self.ledger.read_text().splitlines())]


@contextmanager
def null_network(*, delay_ms: int = 0, address: str = "127.0.0.1") -> Iterator[NullNetwork]:
    """Run the network at `address` for the length of the block. delay_ms: before each answer."""
    with tempfile.TemporaryDirectory(prefix="loa-null-") as folder:
        ledger = Path(folder) / "ledger.jsonl"
        process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, __file__, str(ledger), str(delay_ms), address],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            base_url = process.stdout.readline().strip() if process.stdout else ""
            yield NullNetwork(base_url, ledger)
        finally:
            process.kill()
            process.communicate()


class _Peer(asyncio.Protocol):
    """One connection. Requests come whole or in pieces, one after the other."""

    def __init__(self, ledger: TextIO, delay_s: float) -> None:
        self._ledger = ledger
        self._delay_s = delay_s
        self._came = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._came) < end + 4 + length:
                return
            body = self._came[end + 4 : end + 4 + length]
            self._came = self._came[end + 4 + length :]
            self._accept(body)

    def _accept(self, body: bytes) -> None:
        text = json.loads(body)["text"]
        self._ledger.write(json.dumps([text, time.time()]) + "\n")
        self._ledger.flush()
        number = str(abs(hash(text))).encode()
        content = b'{"id":"%s","url":"http://null.example/%s","created_at":"%s"}' % (
            number,
            number,
            _CREATED,
        )
        answer = _HEAD % len(content) + content
        if self._delay_s:
            asyncio.get_running_loop().call_later(self._delay_s, self._answer, answer)
        else:
            self._answer(answer)

    def _answer(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


async def _serve(ledger: TextIO, delay_s: float, address: str) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Peer(ledger, delay_s), address, 0)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"http://{address}:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w") as opened:
        asyncio.run(_serve(opened, int(sys.argv[2]) / 1000, sys.argv[3]))
