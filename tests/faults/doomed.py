"""A worker process in trouble. Run as a program by the fault tests and the fault table.

Arguments: a step, at which of its occurrences trouble comes (0: never), and what it is: "kill"
or "freeze" (until somebody sends SIGCONT). Ends when its input closes. From the environment,
beside what any Loa process reads: FAULTS_ORIGINS (what it may reach), FAULTS_CLOCK_S (how wrong
its clock is), FAULTS_LOST_NAMES (the share of look-ups of names that fail), FAULTS_DISK_FULL.
"""

import errno
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

TROUBLE = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}


def main(step: str, occurrence: int, trouble: str) -> None:
    """Work until told to stop, or until the step comes."""
    import django  # noqa: PLC0415

    django.setup()
    from loa.connectors import transport  # noqa: PLC0415
    from loa.publish.dispatcher import Worker  # noqa: PLC0415
    from tests.publish.scene import HURRIED  # noqa: PLC0415

    _set_clock(float(os.environ.get("FAULTS_CLOCK_S", "0")))
    if os.environ.get("FAULTS_DISK_FULL"):
        _fill_disk()
    _lose_names(float(os.environ.get("FAULTS_LOST_NAMES", "0")))
    transport.configure(allowed_origins=os.environ["FAULTS_ORIGINS"].split())
    worker = Worker(HURRIED, checkpoint=_fate(step, occurrence, TROUBLE[trouble]))
    worker.start()
    sys.stdout.write("working\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()


def _fate(step: str, occurrence: int, trouble: signal.Signals) -> Callable[[str], None]:
    left = occurrence
    counting = threading.Lock()

    def meet(reached: str) -> None:
        nonlocal left
        if reached != step:
            return
        with counting:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), trouble)

    return meet


def _set_clock(off_s: float) -> None:
    from loa.ops import clock  # noqa: PLC0415

    right, off = clock.now, timedelta(seconds=off_s)
    clock.now = lambda: right() + off


def _fill_disk() -> None:
    """Let every file that is written anew meet a full disk, as the system says it."""
    real = os.open

    def full(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            _no_space(path)
        return real(path, flags, *more, **named)

    os.open = full


def _no_space(path: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _lose_names(share: float) -> None:
    real = socket.getaddrinfo
    chance = random.Random(7)  # noqa: S311 (a repeatable fault, no secret)

    def look_up(*asked: Any, **named: Any) -> Any:
        if chance.random() < share:
            raise socket.gaierror(socket.EAI_AGAIN, "temporary failure in name resolution")
        return real(*asked, **named)

    socket.getaddrinfo = look_up


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "kill")
