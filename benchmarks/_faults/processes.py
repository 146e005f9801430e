"""F1, F3, F4, F5: workers die, freeze and race; the database stops."""

import os
import signal
import subprocess
import time
from pathlib import Path

from benchmarks._faults.case import Case, disconnect

STEPS = (
    "claim.written",
    "claim.committed",
    "send.begun",
    "stage.done",
    "mark.written",
    "mark.committed",
    "visible.before",
    "visible.answered",
    "result.written",
    "result.committed",
)
STOPS = 5
FREEZES = 3
COMES_WITHIN_S = 30.0


def killed(case: Case) -> None:
    """F1: a worker is killed at each step, each time with a part of the posts before it.

    A step that is not reached would be a fault that was not tried: it counts as wrong. What a
    worker does in batches (claims, and a group's commits) comes few times.
    """
    case.open_channels()
    case.write(parts=2)
    share = max(1, len(case.posts) // len(STEPS))
    for number, step in enumerate(STEPS):
        case.put_down(case.posts[number :: len(STEPS)])
        most = 1 if step.startswith("claim") else max(1, share // 100)
        with case.workers(step=step, occurrence=case.chance.randint(1, most)) as [process]:
            try:
                process.wait(COMES_WITHIN_S)
            except subprocess.TimeoutExpired:
                case.wrong.append(f"the step {step} was not reached")
    case.finish()


def frozen(case: Case) -> None:
    """F3: a worker stands still for longer than its lease, wakes, and goes on where it was."""
    case.make_due(parts=2)
    for step in case.chance.sample(STEPS, FREEZES):
        with (
            case.workers(step=step, occurrence=case.chance.randint(1, 3), trouble="freeze") as [it],
            case.workers(),
        ):
            if _stands_still(it.pid):
                time.sleep(case.freeze_s)
                os.kill(it.pid, signal.SIGCONT)
                time.sleep(1)
    case.finish()


def raced(case: Case) -> None:
    """F4: three workers and two schedulers at once."""
    case.open_channels()
    case.write()
    with case.workers(3):
        case.hand_over(from_threads=2)
        case.settled()


def database_stopped(case: Case) -> None:
    """F5: the database is stopped at once, five times, while workers send.

    What was handed over was acknowledged: it is there after every stop.
    """
    case.open_channels()
    case.write()
    case.hand_over()
    with case.workers(2):
        for _ in range(STOPS):
            time.sleep(case.chance.uniform(0.3, 1.2))
            case.server.stop(first=signal.SIGQUIT)
            disconnect()
            case.server.start()
        case.settled()


def _stands_still(pid: int) -> bool:
    """Wait until a process is stopped; say whether that came."""
    until = time.monotonic() + COMES_WITHIN_S
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "T":
            return True
        time.sleep(0.05)
    return False
