"""`loa up`: database, web, worker and practice network, started, kept alive and stopped.

This process stays small: it imports no Django and none of the apps.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from loa.kernel.errors import LoaError
from loa.ops import clock, logfiles, processes
from loa.ops.children import Child, Family, Program
from loa.ops.home import Home
from loa.ops.lock import Holder, Lock
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.server import Server
from loa.ops.postgres.serving import is_embedded
from loa.ops.stop_signals import StopSignals
from loa.site import invocation, reachability, restore, schema

FIRST_PAGE_WITHIN_S = 60.0
TICK_S = 0.5
MARK = "LOA_UP_HOME"  # in the environment of every child, so that a later start knows ours


class DidNotStart(LoaError):
    """Loa could not start; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What this installation runs, read from the environment once."""

    home: Home
    bind: str
    port: int
    practice_port: int
    public_url: str
    with_practice: bool
    with_demo: bool
    logs_here: bool

    @classmethod
    def read(cls, *, logs_here: bool) -> "Plan":
        """Read and check the settings; WrongSetting says what is wrong with one."""
        Home.from_environment().made()
        from loa.site import settings  # noqa: PLC0415 - reading it makes secrets in LOA_HOME

        return cls(
            home=settings.HOME,
            bind=settings.BIND,
            port=settings.PORT,
            practice_port=settings.PRACTICE_PORT,
            public_url=settings.PUBLIC_URL,
            with_practice=settings.WITH_PRACTICE,
            with_demo=settings.WITH_DEMO,
            logs_here=logs_here,
        )


def run(*, logs_here: bool) -> int:
    """Run everything until a signal; return the exit code."""
    plan = Plan.read(logs_here=logs_here)
    restore.refuse_unfinished(plan.home)
    with Lock(plan.home.path) as lock, StopSignals() as signals:
        lock.take(Holder(os.getpid(), "loa up", plan.public_url))
        processes.end_all(
            lambda: processes.with_variable(MARK, str(plan.home.path)), politely_s=3.0
        )
        _refuse_taken_ports(plan)
        family = Family(died=_tell_death)
        try:
            _start(plan, family, signals)
            if not signals.received:
                _greet(plan, family)
            while not signals.received:
                family.tend()
                signals.wait(TICK_S)
        except LoaError:
            if not signals.received:  # what was interrupted may well complain
                raise
        finally:
            _remark("Stopping …" if signals.received else "")
            family.stop(hurry=signals.received > 1)
    _remark("Loa has stopped." if signals.received else "")
    return 0


def _start(plan: Plan, family: Family, signals: StopSignals) -> None:
    """Start database, schema, web and the rest, in the order in which they need each other."""
    stamp = None
    if is_embedded():
        server = Server(Folder.of(plan.home), say=_remark)
        family.add(Child("database", server))
        stamp = plan.home.postgres / "migrated"
    if stamp is None or not schema.is_current(stamp):
        _remark("Bringing the database up to date")
        schema.migrate(stamp)
    family.add(Child("web", _program(plan, "web", invocation.loa_command("web"))))
    began_s = clock.monotonic_s()
    while not reachability.answers(plan.bind, plan.port, "/"):
        family.tend()
        if signals.wait(0.05):
            return
        if clock.monotonic_s() - began_s > FIRST_PAGE_WITHIN_S:
            log = _logs(plan) / "web.log"
            raise DidNotStart(
                f"The web process gave no page within {FIRST_PAGE_WITHIN_S:.0f} seconds. Its log, "
                f"{log}, ends: {_last_line(logfiles.last_words(log))}"
            )
    family.add(Child("worker", _program(plan, "work", invocation.loa_command("work"))))
    if plan.with_practice:
        command = [sys.executable, "-m", "practice_network"]
        command += ["--port", str(plan.practice_port), "--data", str(plan.home.practice)]
        family.add(Child("practice network", _program(plan, "practice", command)))


def _greet(plan: Plan, family: Family) -> None:
    """Say the one thing a person needs: where Loa is, and how to get in the first time."""
    owner_link = _owner_link(plan)
    lines = ["", f"  Loa is ready: {plan.public_url}"]
    if owner_link:
        lines += ["", "  Nobody owns it yet. Become its owner here (the link works once):"]
        lines += [f"  {owner_link}"]
    lines += ["", f"  Data and logs: {plan.home.path}", "  Ctrl-C stops everything.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    _fill_demo_once(plan, family)


def _fill_demo_once(plan: Plan, family: Family) -> None:
    filled = plan.home.path / "demo-filled"
    wanted = plan.with_demo and plan.with_practice
    if not wanted or filled.exists():
        return
    _remark("Filling the demo in the background (once; LOA_DEMO=0 leaves it out)")

    def finished() -> None:
        filled.touch()
        _remark("The demo is filled.")

    program = _program(plan, "demo", invocation.loa_command("demo"))
    family.add(Child("demo", program, finished=finished))


def _owner_link(plan: Plan) -> str:
    """Return the one-time link of an installation without an owner, "" once it has one."""
    owned = plan.home.path / "owned"
    if owned.exists():
        return ""
    asked = subprocess.run(  # noqa: S603 - our own command, no shell
        invocation.loa_command("owner_link", "--if-missing", "--skip-checks"),
        env=invocation.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    link = asked.stdout.strip()
    if asked.returncode != 0:
        _remark(f"The owner link could not be made: {_last_line(asked.stderr)}")
    if asked.returncode == 0 and not link:
        owned.touch()
    return link


def _last_line(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _program(plan: Plan, name: str, command: list[str]) -> Program:
    return Program(
        command,
        invocation.environment(**{MARK: str(plan.home.path)}),
        None if plan.logs_here else _logs(plan) / f"{name}.log",
    )


def _logs(plan: Plan) -> Path:
    return plan.home.path / "logs"


def _refuse_taken_ports(plan: Plan) -> None:
    wanted = [("LOA_PORT", plan.bind, plan.port)]
    if plan.with_practice:
        wanted.append(("LOA_PRACTICE_PORT", "127.0.0.1", plan.practice_port))
    for name, address, port in wanted:
        why = reachability.taken(address, port)
        if why:
            raise DidNotStart(
                f"Port {port} {why}. Choose another one, for example: {name}={port + 10} make run"
            )


def _tell_death(name: str, reason: str) -> None:
    _remark(f"The {name} stopped: {reason}.")


def _remark(sentence: str) -> None:
    if sentence:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
