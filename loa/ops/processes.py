"""Facts about running processes, and how a child is tied to the life of its parent."""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def settle() -> None:
    """Let the collector of garbage pass over what is there now: it stays until the process ends.

    It would look at everything the product consists of again and again, and each time the
    process, with all its threads, would stand still for a fifth of a second.
    """
    gc.collect()
    gc.freeze()


def dies_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child must run before exec so that it gets `stop_signal` if we die.

    The kernel forgets the wish when the child changes its user, so this must run after
    that (subprocess does it in this order). It watches the thread that forked: start
    children from a thread that lives as long as they do. None where there is no such call.
    """
    libc = _libc
    if libc is None:
        return None
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the call
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


def working_in(folder: Path) -> list[int]:
    """Return the processes whose working directory is `folder`.

    A PostgreSQL process works in its data folder from start to end, so this finds a
    server and its backends without believing any process id written in a file.
    """
    try:
        wanted = folder.stat()
    except OSError:
        return []
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            there = (entry / "cwd").stat()
            if (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino):
                found.append(int(entry.name))
    return found


def program(pid: int) -> str:
    """Return the name of the program that `pid` runs, "" when it is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return Path(words[0].split(b":")[0].decode(errors="replace")).name
    except OSError:
        return ""


def parent(pid: int) -> int:
    """Return the parent of `pid`, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def wait_until(happened: Callable[[], bool], *, within_s: float, every_s: float = 0.02) -> bool:
    """Ask until `happened()` or `within_s` has passed; tell whether it happened."""
    end = time.monotonic() + within_s
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(every_s)
    return True


def with_variable(name: str, value: str) -> list[int]:
    """Return our own processes that were started with `name` set to `value`."""
    wanted = f"{name}={value}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]


def end_all(find: Callable[[], list[int]], *, politely_s: float) -> int:
    """End the processes that `find` returns, with force after `politely_s`; return how many."""
    first = find()
    for way, patience_s in ((signal.SIGTERM, politely_s), (signal.SIGKILL, 5.0)):
        for pid in find():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, way)
        if wait_until(lambda: not find(), within_s=patience_s, every_s=0.1):
            break
    return len(first)
