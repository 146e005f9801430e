"""Memory at rest of everything `loa up` runs, time to the first page, time to recover (B12).

Starts Loa in an empty folder on ports of its own, as a person would, and measures from
outside. Memory is PSS: what each process has, shared pages divided among those who share
them, added up over the whole family.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loa.ops import processes
from loa.site import invocation, reachability

ADDRESS = "127.0.0.1"
WITHIN_S = 120.0
AT_REST_AFTER_S = 20.0
LEAST_FAMILY = 8  # loa up, web, work, practice network, and the server with its helpers


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value and what it may be at most."""

    name: str
    value: float
    unit: str
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the value is within its limit."""
        return self.most is None or self.value <= self.most

    def row(self) -> str:
        """Return it as a line of a table."""
        limit = "" if self.most is None else f"<= {self.most:g} {self.unit}"
        verdict = "" if self.most is None else ("ok" if self.holds else "OVER")
        return f"{self.name:<44}{self.value:>9.1f} {self.unit:<4}{limit:>12}  {verdict}"


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when a limit is passed."""
    parser = argparse.ArgumentParser(prog="loa bench footprint", description=__doc__)
    parser.add_argument(
        "--rest", type=float, default=AT_REST_AFTER_S, help="seconds of rest before memory is read"
    )
    options = parser.parse_args(argv)
    home = Path(tempfile.mkdtemp(prefix="loa-bench-"))
    try:
        figures = list(_measure(home, rest_s=options.rest))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for figure in figures:
        sys.stdout.write(figure.row() + "\n")
    return 0 if all(figure.holds for figure in figures) else 1


def _measure(home: Path, *, rest_s: float) -> Iterator[Figure]:
    port = _free_port()
    environment = invocation.environment(
        LOA_HOME=str(home),
        LOA_PORT=str(port),
        LOA_PRACTICE_PORT=str(_free_port()),
        LOA_DEMO="0",
        LOA_PUBLIC_URL="",
    )
    with _up(environment, port) as (_, first_s):
        yield Figure("first start, empty folder, to first page", first_s, "s")
    with _up(environment, port) as (parent, second_s):
        yield Figure("second start to first page", second_s, "s", most=5)
        time.sleep(rest_s)
        yield from _memory(parent)
        yield Figure("web killed, to next page", _killed(parent, "web", port), "s", most=5)
        yield Figure(
            "database killed, to next page", _killed(parent, "postgres", port), "s", most=5
        )
        yield Figure("worker killed, to a new worker", _killed(parent, "work", port), "s", most=5)


@contextmanager
def _up(environment: dict[str, str], port: int) -> Iterator[tuple[int, float]]:
    """Run `loa up`; yield its process id and the seconds to the first page."""
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own command, no shell
        invocation.loa_command("up"),
        env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            _await(lambda: _page(process, port))
            first_s = time.perf_counter() - began
            _await(lambda: len(_family(process.pid)) > LEAST_FAMILY)
            yield process.pid, first_s
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(WITHIN_S)


def _page(process: "subprocess.Popen[bytes]", port: int) -> bool:
    if process.poll() is not None:
        raise RuntimeError("loa up ended by itself, see above")
    return reachability.answers(ADDRESS, port, "/sign-in/")


def _memory(parent: int) -> Iterator[Figure]:
    groups: dict[str, float] = {}
    for pid in _family(parent):
        kind = _kind(pid)
        groups[kind] = groups.get(kind, 0.0) + _pss_mb(pid)
    for kind in sorted(groups):
        yield Figure(f"memory at rest: {kind}", groups[kind], "MB")
    yield Figure("memory at rest: everything", sum(groups.values()), "MB", most=400)


def _killed(parent: int, kind: str, port: int) -> float:
    """Kill one member of the family; return the seconds until all is well again."""
    victims = [pid for pid in _family(parent) if _kind(pid) == kind]
    victim = min(victims, key=lambda pid: processes.parent(pid) != parent)
    began = time.perf_counter()
    os.kill(victim, signal.SIGKILL)

    def is_well() -> bool:
        now = [pid for pid in _family(parent) if _kind(pid) == kind and pid not in victims]
        return bool(now) and reachability.answers(ADDRESS, port, "/health")

    _await(is_well)
    return time.perf_counter() - began


def _family(parent: int) -> list[int]:
    """Return `parent` and all processes below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        below.setdefault(processes.parent(pid), []).append(pid)
    found = [parent]
    for pid in found:
        found += below.get(pid, [])
    return found


def _kind(pid: int) -> str:
    """Return "web", "work", "up", "practice network" or "postgres"."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gone"
    if "practice_network" in words:
        return "practice network"
    if "loa.site.cli" in words:
        return words[words.index("loa.site.cli") + 1]
    return "postgres"


def _pss_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _await(happened: Callable[[], bool]) -> None:
    if not processes.wait_until(happened, within_s=WITHIN_S, every_s=0.02):
        raise TimeoutError(f"waited {WITHIN_S:.0f} seconds in vain")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        port: int = trial.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
