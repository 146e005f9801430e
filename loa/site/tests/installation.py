"""A whole Loa in a folder of its own, run as a person runs it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loa.ops import processes
from loa.site import invocation, reachability

ADDRESS = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        return int(trial.getsockname()[1])


class Installation:
    """LOA_HOME and ports of one Loa under test."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.practice_port = free_port()

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in invocation.environment().items()
            if not name.startswith("LOA_") and name != "DATABASE_URL"
        }
        return {
            **inherited,
            "LOA_HOME": str(self.home),
            "LOA_PORT": str(self.port),
            "LOA_PRACTICE_PORT": str(self.practice_port),
            "LOA_DEMO": "0",
            **more,
        }

    def run(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        return subprocess.run(
            invocation.loa_command(*words),
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def up(self, **more: str) -> Iterator["Up"]:
        """Run `loa up` for the block, and end it by force if it is still there."""
        process = subprocess.Popen(
            invocation.loa_command("up"),
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running = Up(self, process)
        try:
            running.await_ready()
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            running.reader.join(5)
            if process.stdout:
                process.stdout.close()

    def answers(self, path: str = "/health") -> bool:
        return reachability.answers(ADDRESS, self.port, path)

    def family(self) -> list[int]:
        """Return every process that belongs to this installation."""
        ours = set(processes.with_variable("LOA_UP_HOME", str(self.home)))
        return sorted(ours | set(processes.working_in(self.home / "postgres" / "data")))


class Up:
    """A running `loa up`. said: what it has told so far."""

    def __init__(self, place: Installation, process: "subprocess.Popen[str]") -> None:
        self.place = place
        self.process = process
        self.said = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def await_ready(self) -> None:
        ready = processes.wait_until(
            lambda: "Loa is ready" in self.said or self.process.poll() is not None, within_s=120
        )
        assert ready, self.said
        assert self.process.poll() is None, self.said

    def member(self, word: str) -> int:
        """Return the child whose command line has `word`, 0 when there is none now."""
        for pid in self.place.family():
            try:
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            except OSError:
                continue
            if word in words or (word == "postgres" and re.search(r"bin/postgres$", words[0])):
                return pid
        return 0

    def kill(self, word: str) -> int:
        pid = self.member(word)
        assert pid, f"no {word} among the children"
        os.kill(pid, signal.SIGKILL)
        return pid

    def comes_back(self, word: str, *, instead_of: int, within_s: float = 20) -> bool:
        return processes.wait_until(
            lambda: self.member(word) not in {0, instead_of} and self.place.answers(),
            within_s=within_s,
            every_s=0.1,
        )

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line


@contextmanager
def an_installation(*, like: Path | None = None) -> Iterator[Installation]:
    """Yield an installation, removed afterwards with whatever still runs in it.

    like: a folder of one that is stopped, to begin with a copy of; else it is empty.
    """
    home = Path(tempfile.mkdtemp(prefix="loa-i-"))
    if like is not None:
        home.rmdir()
        subprocess.run(["/bin/cp", "--archive", str(like), str(home)], check=True)
    place = Installation(home)
    try:
        yield place
    finally:
        processes.end_all(place.family, politely_s=5)
        shutil.rmtree(home, ignore_errors=True)
