"""Children are restarted with growing pauses, and end when asked or when we do."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from loa.ops import logfiles
from loa.ops.children import FIRST_PAUSE_S, Child, Family, Program


def a_program(code: str, log: Path | None = None, *, stop_within_s: float = 5) -> Program:
    return Program([sys.executable, "-c", code], os.environ, log, stop_within_s)


def tended(family: Family, until: Callable[[], bool], *, within_s: float = 10) -> bool:
    end = time.monotonic() + within_s
    while not until() and time.monotonic() < end:
        family.tend()
        time.sleep(0.02)
    return until()


def test_a_child_that_dies_is_started_again_ever_more_slowly(tmp_path: Path) -> None:
    told: list[str] = []
    family = Family(died=lambda name, reason: told.append(f"{name}: {reason}"))
    log = tmp_path / "log"
    began = time.monotonic()
    family.add(Child("web", a_program("print('here', flush=True); raise SystemExit(3)", log)))

    came_back = tended(family, lambda: len(told) >= 3)
    took_s = time.monotonic() - began
    family.stop()

    assert came_back
    assert told[0] == "web: ended with exit code 3; it is started again"
    assert log.read_text().count("here") >= 3
    assert took_s > FIRST_PAUSE_S + 2 * FIRST_PAUSE_S


def test_work_that_is_done_once_is_not_repeated(tmp_path: Path) -> None:
    done: list[str] = []
    family = Family(died=lambda name, reason: done.append(f"{name} {reason}"))
    family.add(Child("demo", a_program("pass"), finished=lambda: done.append("finished")))

    tended(family, lambda: bool(done))
    tended(family, lambda: False, within_s=0.5)

    assert done == ["finished"]
    assert tmp_path.exists()


def test_who_does_not_listen_is_killed_after_a_while() -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)\n"
    family = Family(died=lambda _name, _reason: None)
    program = a_program(deaf + "time.sleep(60)", stop_within_s=0.5)
    family.add(Child("deaf", program))
    time.sleep(0.5)

    began = time.monotonic()
    family.stop()

    assert time.monotonic() - began < 5
    assert program.poll() == -9


def test_a_grown_log_is_set_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with os.fdopen(logfiles.opened(log), "w") as writer:
        writer.write("x" * (logfiles.LARGEST_BYTES + 1))
        writer.flush()

        logfiles.keep_small(log)
        writer.write("after\n")
        writer.flush()

    assert log.read_text() == "after\n"
    assert (tmp_path / "web.log.1").stat().st_size == logfiles.LARGEST_BYTES + 1
    assert log.stat().st_mode & 0o777 == 0o600
