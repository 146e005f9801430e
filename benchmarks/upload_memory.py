"""Memory of the web process while large files arrive in pieces, and how fast they do.

Runs `loa web` with a database of its own, as in production, and sends files of random bytes
over the loopback as the browser does: announced, then in pieces of 5 MB, each a request.
Memory is the web process's largest resident size as the kernel noted it (VmHWM). The content
is no picture, so in the end it is verified and refused: nothing is decoded here.
"""

import argparse
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loa.ops import processes
from loa.site import invocation, reachability

ADDRESS = "127.0.0.1"
WITHIN_S = 60.0
PIECE_BYTES = 5_000_000
MOST_GROWTH_MB = 100.0
OFFSET = re.compile(rb"upload-offset: (\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"location: (\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server is, and who comes in."""

    port: int
    cookie: str
    slug: str

    def ask(self, method: str, path: str, body: bytes, *, kind: str, at: int = 0) -> bytes:
        """Send one request on a line of its own; return the answer."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {ADDRESS}:{self.port}\r\nConnection: close\r\n"
            f"Cookie: {self.cookie}; loa_csrf={'a' * 32}\r\nX-CSRFToken: {'a' * 32}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nUpload-Offset: {at}\r\n\r\n"
        )
        with socket.socket() as line:
            line.connect((ADDRESS, self.port))
            line.sendall(head.encode() + body)
            answer = b""
            while more := line.recv(65_536):
                answer += more
        return answer


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when memory grew with the file."""
    parser = argparse.ArgumentParser(prog="loa bench upload_memory", description=__doc__)
    parser.add_argument("--mb", type=int, default=1000, help="size of each file")
    parser.add_argument("--files", type=int, default=1, help="how many at once")
    options = parser.parse_args(argv)
    from benchmarks._ground import fresh_database  # noqa: PLC0415 (sets the environment first)

    with fresh_database():
        cookie, slug = _person()
        port = _free_port()
        with _web(port) as pid:
            door = Door(port, cookie, slug)
            door.ask("GET", f"/w/{slug}/library/", b"", kind="text/plain")
            before = _peak_mb(pid)
            began = time.perf_counter()
            takes = _all_at_once(door, files=options.files, size=options.mb * 1_000_000)
            seconds = time.perf_counter() - began - max(takes)
            peak = _peak_mb(pid)
    total = options.mb * options.files
    grown = peak - before
    verdict = "ok" if grown <= MOST_GROWTH_MB else "OVER"
    sys.stdout.write(
        f"{options.files} files of {options.mb} MB at once\n"
        f"{'peak memory before':<44}{before:>9.1f} MB\n"
        f"{'peak memory afterwards':<44}{peak:>9.1f} MB\n"
        f"{'grown by':<44}{grown:>9.1f} MB  <= {MOST_GROWTH_MB:g} MB  {verdict}\n"
        f"{'arrived and synced':<44}{total / seconds:>9.1f} MB/s\n"
        f"{'verified whole, and judged':<44}{max(takes):>9.1f} s\n"
    )
    return 0 if grown <= MOST_GROWTH_MB else 1


def _person() -> tuple[str, str]:
    """Make a workspace; return its owner's session cookie and its slug."""
    from django.conf import settings  # noqa: PLC0415

    from tests import cast  # noqa: PLC0415

    workspace = cast.a_workspace()
    client = cast.signed_in(cast.the_owner(workspace))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}", workspace.slug


@contextmanager
def _web(port: int) -> Iterator[int]:
    environment = {
        **os.environ,
        "LOA_PORT": str(port),
        "LOA_PUBLIC_URL": f"http://{ADDRESS}:{port}",
        "LOA_LOG_LEVEL": "ERROR",
        "LOA_UNFINISHED_MEMBER_MAX_BYTES": str(10**12),
        "LOA_UNFINISHED_MAX_BYTES": str(10**12),
        "LOA_UPLOAD_IN_PIECES_MAX_BYTES": str(10**12),
    }
    process = subprocess.Popen(invocation.loa_command("web"), env=environment)  # noqa: S603
    try:
        if not processes.wait_until(
            lambda: reachability.answers(ADDRESS, port, "/health"), within_s=WITHIN_S, every_s=0.1
        ):
            raise TimeoutError("loa web did not answer")
        yield process.pid
    finally:
        process.terminate()
        process.wait(WITHIN_S)


def _all_at_once(door: Door, *, files: int, size: int) -> list[float]:
    takes: list[float] = []
    threads = [
        threading.Thread(target=lambda n=n: takes.append(_send(door, f"{n}.bin", size)))
        for n in range(files)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(takes) != files:
        raise RuntimeError("an upload failed, see above")
    return takes


def _send(door: Door, name: str, size: int) -> float:
    """Send one file; return the seconds that its verifying took."""
    form, piece_kind = "application/x-www-form-urlencoded", "application/offset+octet-stream"
    piece = secrets.token_bytes(PIECE_BYTES)
    begin = f"/w/{door.slug}/library/uploads/"
    begun = door.ask("POST", begin, f"name={name}&size_bytes={size}".encode(), kind=form)
    where = _found(LOCATION, begun).decode()
    at = checksum = 0
    while at < size:
        some = piece[: size - at]
        checksum = zlib.crc32(some, checksum)
        at = int(_found(OFFSET, door.ask("PATCH", where, some, kind=piece_kind, at=at)))
    began = time.perf_counter()
    answer = door.ask("POST", f"{where}take/", f"checksum={checksum}".encode(), kind=form)
    if b" 422 " not in answer.partition(b"\r\n")[0]:
        raise RuntimeError(answer[:300].decode(errors="replace"))
    return time.perf_counter() - began


def _found(pattern: re.Pattern[bytes], answer: bytes) -> bytes:
    found = pattern.search(answer)
    if found is None:
        raise RuntimeError(answer[:300].decode(errors="replace"))
    return found[1]


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        port: int = trial.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
