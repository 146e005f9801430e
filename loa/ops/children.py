"""The processes below `loa up`: started, restarted when they die, stopped together.

Everything here runs in one thread of a small process: children are tied to the thread that
starts them, and the parent must stay light.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from loa.ops import clock, logfiles, processes

FIRST_PAUSE_S = 0.3
LONGEST_PAUSE_S = 30.0
HEALTHY_AFTER_S = 30.0  # a child that lived this long starts with a short pause again
LOGS_LOOKED_AT_EVERY_S = 60.0


class Startable(Protocol):
    """What the family keeps alive: a program, or the database server."""

    @property
    def log(self) -> Path | None:
        """Return the file its output goes to."""

    def start(self) -> None:
        """Start it, and wait as long as needed to know that it runs."""

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""

    def stop(self, *, first: signal.Signals) -> None:
        """Stop it, beginning with the signal `first`, and wait until it is gone."""


@dataclass(slots=True)
class Program:
    """A program as a child: its output goes to a file, and it ends when we do."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path | None
    stop_within_s: float = 8.0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program in a group of its own: Ctrl-C is for us, and we stop it."""
        output = None if self.log is None else logfiles.opened(self.log)
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=processes.dies_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        finally:
            if output is not None:
                os.close(output)

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self.process.poll() if self.process else None

    def stop(self, *, first: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to stop; after `stop_within_s` it is killed."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(first)
        try:
            self.process.wait(self.stop_within_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Child:
    """One member of the family.

    finished: for one that runs once, such as the filling of the demo: called when it has done
    its work. It is not started again, whatever its end.
    """

    name: str
    startable: Startable
    finished: Callable[[], None] | None = None
    failures: int = 0
    started_at_s: float = 0.0
    start_again_at_s: float | None = None


@dataclass(slots=True)
class Family:
    """All children, and what is said when one of them dies.

    died: told a name and an exit code, or the reason why a start failed.
    """

    died: Callable[[str, str], None]
    _children: list[Child] = field(default_factory=list)
    _logs_looked_at_s: float = 0.0

    def add(self, child: Child) -> None:
        """Start a child and keep it alive; raises what its start raises."""
        child.startable.start()
        child.started_at_s = clock.monotonic_s()
        self._children.append(child)

    def adopt(self, child: Child) -> None:
        """Keep alive a child that runs already."""
        child.started_at_s = clock.monotonic_s()
        self._children.append(child)

    def tend(self) -> None:
        """Look after everybody once: notice who died, start again whose pause is over."""
        now_s = clock.monotonic_s()
        for child in list(self._children):
            if child.start_again_at_s is None:
                self._notice(child, now_s)
            elif now_s >= child.start_again_at_s:
                self._start_again(child, now_s)
        if now_s - self._logs_looked_at_s > LOGS_LOOKED_AT_EVERY_S:
            self._logs_looked_at_s = now_s
            for child in self._children:
                if child.startable.log is not None:
                    logfiles.keep_small(child.startable.log)

    def stop(self, *, hurry: bool = False) -> None:
        """Stop everybody, the one that started last first."""
        first = signal.SIGKILL if hurry else signal.SIGTERM
        programs = [child for child in self._children if isinstance(child.startable, Program)]
        for child in programs:  # all at once, so that the slowest decides how long it takes
            process = child.startable.process if isinstance(child.startable, Program) else None
            if process is not None and process.poll() is None:
                process.send_signal(first)
        for child in reversed(self._children):
            if child in programs:
                child.startable.stop(first=first)
            else:
                child.startable.stop(first=signal.SIGQUIT if hurry else signal.SIGINT)
        self._children.clear()

    def _notice(self, child: Child, now_s: float) -> None:
        code = child.startable.poll()
        if code is None:
            return
        if child.finished is not None:
            self._children.remove(child)
            if code == 0:
                child.finished()
            else:
                self.died(child.name, _reason(code))
            return
        self.died(child.name, f"{_reason(code)}; it is started again")
        if now_s - child.started_at_s > HEALTHY_AFTER_S:
            child.failures = 0
        self._postpone(child, now_s)

    def _start_again(self, child: Child, now_s: float) -> None:
        try:
            child.startable.start()
        except Exception as error:  # noqa: BLE001 - told, and tried again
            self.died(child.name, f"{error} It is tried again")
            self._postpone(child, now_s)
            return
        child.start_again_at_s = None
        child.started_at_s = clock.monotonic_s()

    def _postpone(self, child: Child, now_s: float) -> None:
        child.failures += 1
        pause_s = min(FIRST_PAUSE_S * 2 ** (child.failures - 1), LONGEST_PAUSE_S)
        child.start_again_at_s = now_s + pause_s


def _reason(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
