"""Start the reference servers, and stand between us and them."""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

import pytest

from tests.live import installing

START_TIMEOUT_S = 60
HOST = "127.0.0.1"

type Fault = Literal["none", "no_answer", "half_answer", "never_sent"]


@dataclass(frozen=True)
class Pds:
    """A running PDS and the directory in which its accounts are registered."""

    origin: str
    directory: str


def free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path, *, cwd: Path | None = None) -> Iterator[None]:
    """Run a server until the block ends; it must answer on `port` within a minute."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=cwd, env=installing.node_environment(), stdout=out, stderr=out
        )
        try:
            _wait_for(port, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(START_TIMEOUT_S * 10):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.connect((HOST, port))
            return
        time.sleep(0.1)
    pytest.fail(f"the server does not start:\n{log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def a_pds(scratch: Path) -> Iterator[Pds]:
    folder = installing.pds()
    port, plc_port = free_port(), free_port()
    data = scratch / "pds"
    data.mkdir()
    # The program itself: the wheel's `node` command is a wrapper that would be killed alone.
    command = [str(installing.NODE / "bin/node"), "server.mjs", str(port), str(plc_port), str(data)]
    with running(command, port, scratch / "pds.log", cwd=folder):
        yield Pds(f"http://localhost:{port}", f"http://{HOST}:{plc_port}")


@contextlib.contextmanager
def a_mastodon(scratch: Path) -> Iterator[str]:
    """Give the origin of a running Mastodon stand-in, whose one account's token is known."""
    program = installing.mastodon_mock()
    port = free_port()
    command = [str(program), "serve", "--in-memory", "--host", HOST, "--port", str(port)]
    with running([*command, "--log-level", "warning"], port, scratch / "mastodon.log", cwd=scratch):
        yield f"http://{HOST}:{port}"


@dataclass
class Wire:
    """A TCP line to a server, on which answers get lost.

    no_answer: the server is asked and its answer swallowed. half_answer: all but the last
    bytes arrive. never_sent: the line breaks before the server hears of it.
    """

    target: str
    fault: Fault = "none"
    carried: int = 0
    origin: str = ""
    _open: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, 0))
        self.origin = f"http://{HOST}:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(near)
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """Carry one exchange after another, each whole, and spoil it as ordered."""
        address = urlsplit(self.target)
        with (
            contextlib.suppress(OSError),
            near,
            socket.create_connection((address.hostname, address.port)) as far,  # noqa: TID251
        ):
            self._open.append(far)
            while request := _whole_message(near):
                if self.fault == "never_sent":
                    return
                far.sendall(request)
                answer = _whole_message(far)
                self.carried += 1
                if self.fault == "no_answer":
                    return
                if self.fault == "half_answer":
                    near.sendall(answer[:-20])
                    return
                near.sendall(answer)


def _whole_message(line: socket.socket) -> bytes:
    """Read one HTTP message: head, then Content-Length or chunks."""
    content = b""
    while b"\r\n\r\n" not in content:
        more = line.recv(65_536)
        if not more:
            return content
        content += more
    head, _, body = content.partition(b"\r\n\r\n")
    lengths = [one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
    is_chunked = b"transfer-encoding: chunked" in head.lower()
    size = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < size or (is_chunked and not body.endswith(b"0\r\n\r\n")):
        more = line.recv(65_536)
        if not more:
            break
        body += more
    return head + b"\r\n\r\n" + body
