"""How fast the network accepts posts: python -m practice_network.speed [--posts N].

Prints accepted posts per second and CPU time per post, in memory and on disk. The client
runs beside it and needs a core of its own.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from practice_network.testing import Running, running_network

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_TEXT = "Bạc xỉu hay cà phê muối, sáng nay bạn chọn ly nào?"


@dataclass(frozen=True, slots=True)
class Speed:
    """What one run measured. memory_mb: of the whole process, after the posts."""

    where: str
    posts: int
    seconds: float
    cpu_s: float
    memory_mb: float

    def __str__(self) -> str:
        return (
            f"{self.where:<10} {self.posts / self.seconds:>8.0f} posts/s"
            f" {1000 * self.cpu_s / self.posts:>7.3f} ms CPU a post {self.memory_mb:>6.1f} MB"
        )


def main() -> int:
    """Measure both kinds of storage and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    with running_network() as running:
        sys.stdout.write(f"{_measure(running, 'in memory', options)}\n")
    with tempfile.TemporaryDirectory() as folder, running_network(data=Path(folder)) as running:
        sys.stdout.write(f"{_measure(running, 'on disk', options)}\n")
    return 0


def _measure(running: Running, where: str, options: argparse.Namespace) -> Speed:
    opened = running.client.open_account("speed", idempotency="native_key")
    before_s, began = _cpu_s(running), time.perf_counter()
    asyncio.run(_post_all(running.base_url, opened.access_code, options))
    seconds, cpu_s = time.perf_counter() - began, _cpu_s(running) - before_s
    accepted = len(running.client.posts_in_ledger())
    if accepted != options.posts:
        raise RuntimeError(f"{accepted} posts in the ledger, not {options.posts}")
    return Speed(where, options.posts, seconds, cpu_s, _memory_mb(running))


async def _post_all(base_url: str, code: str, options: argparse.Namespace) -> None:
    numbers = iter(range(options.posts))
    await asyncio.gather(*(_post_some(base_url, code, numbers) for _ in range(options.connections)))


async def _post_some(base_url: str, code: str, numbers: Iterator[int]) -> None:
    address = urlsplit(base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    for number in numbers:
        body = json.dumps({"text": f"{_TEXT} {number}"}).encode()
        head = (
            f"POST /api/v1/posts HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {code}\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: k{number}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()


def _cpu_s(running: Running) -> float:
    """Return the CPU time the network has used (Linux)."""
    fields = Path(f"/proc/{running.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def _memory_mb(running: Running) -> float:
    """Return the memory the network occupies (Linux)."""
    for line in Path(f"/proc/{running.process.pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


if __name__ == "__main__":
    sys.exit(main())
