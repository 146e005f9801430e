"""F1, F3, F4, F5: workers die, freeze and race; the database stops."""

import os
import signal
import subprocess
import time
from collections.abc import Collection
from contextlib import ExitStack
from functools import partial
from itertools import batched
from pathlib import Path
from threading import Thread, Timer

from benchmarks._faults.case import SETTLE_EACH_S, SETTLE_WITHIN_S, Case
from benchmarks._faults.rows import disconnect, in_threads, unsettled, work

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
AT_WORK = {"claimed", "sending"}
STOPS = 5
HANDED_OVER_AT_ONCE = 40  # in each class
WORKERS = (2, 5, 8)
SLOW_S = 0.5
COMES_WITHIN_S = 30.0
# Above lease and settling, until what dead workers held is settled: a new worker starts, sees
# what they left, and sends it.
SLACK_S = 5.0


def killed(case: Case) -> None:
    """F1: a worker is killed at each step, each time with a part of the posts before it.

    A step that is not reached would be a fault that was not tried: it counts as wrong. What a
    worker does in batches (claims, and a group's commits) comes few times. What any of the dead
    held must soon be settled, however many posts wait that nobody has begun.
    """
    case.open_channels()
    case.write(parts=2)
    share = max(1, len(case.posts) // len(STEPS))
    held: set[int] = set()
    for number, step in enumerate(STEPS):
        case.put_down(case.posts[number :: len(STEPS)])
        most = 1 if step.startswith("claim") else max(1, share // 100)
        with case.workers(step=step, occurrence=case.chance.randint(1, most)) as [process]:
            try:
                process.wait(COMES_WITHIN_S)
            except subprocess.TimeoutExpired:
                case.wrong.append(f"the step {step} was not reached")
        died_at = time.monotonic()
        held |= {one.pk for one in work() if one.state in AT_WORK}
    with case.workers():
        _judge_settling(case, held, died_at=died_at)
        case.settled()


def _judge_settling(case: Case, held: Collection[int], *, died_at: float) -> None:
    """Wait until all that dead workers held is settled; too late is wrong.

    Both parts are live, or a person is asked. The time is counted from the last death: all that
    was held is known to whoever looks from then on. With few posts it is only told, for a busy
    machine may need all of it to start a worker.
    """
    from tests.faults.workers import eventually  # noqa: PLC0415

    limit_s = _settles_within_s()
    within_s = SETTLE_WITHIN_S + len(case.posts) * SETTLE_EACH_S
    eventually(lambda: not unsettled(held), within_s=within_s)
    took_s = time.monotonic() - died_at
    case.notes.append(
        f"{len(held)} deliveries were held by workers that died: settled {took_s:.1f} s after the"
        f" last death, at most {limit_s:.1f}"
    )
    if not held:
        case.wrong.append("no worker held anything when it died")
    if case.size.is_full and took_s > limit_s:
        case.wrong.append("what dead workers held was settled too late")


def _settles_within_s() -> float:
    """Return lease + settling + 5 s, as the workers of the table are paced.

    The lease is how long a claim may outlive its worker. Settling is the longest way out of a
    doubt that needs no person: a request that was begun is written or not (write_window), the
    platform shows what it accepted (read_back_settles_s), and of the misses that are needed each
    is between_looks after the one before. A native key is sent again sooner.
    """
    from loa.connectors.registry import connector  # noqa: PLC0415
    from loa.publish.rules.settling import MISSES_NEEDED  # noqa: PLC0415
    from tests.publish.scene import HURRIED  # noqa: PLC0415

    patience = HURRIED.patience
    settling = patience.write_window + (MISSES_NEEDED - 1) * patience.between_looks
    shown_s = connector("sandbox").read_back_settles_s
    return HURRIED.lease_s + settling.total_seconds() + shown_s + SLACK_S


def frozen(case: Case) -> None:
    """F3: workers stand still at random steps, each for a time of its own, and go on there.

    A healthy one works meanwhile. One that freezes while it claims keeps its channels to
    itself: it is the last to freeze, so that the others have something to do.
    """
    case.open_channels()
    case.write(parts=2)
    lengths = sorted(case.size.freezes, reverse=True)
    steps = sorted(case.chance.sample(STEPS, len(lengths)), key="claim.written".__eq__)
    waking = []
    with ExitStack() as stack:
        for number, (step, length) in enumerate(zip(steps, lengths, strict=True)):
            case.put_down(case.posts[number :: len(lengths) + 1])
            most = 1 if step.startswith("claim") else 2
            doomed = case.workers(
                step=step, occurrence=case.chance.randint(1, most), trouble="freeze"
            )
            [it] = stack.enter_context(doomed)
            if not _stands_still(it.pid):
                case.wrong.append(f"the step {step} was not reached")
                continue
            waking.append(Timer(length, os.kill, (it.pid, signal.SIGCONT)))
            waking[-1].start()
        case.put_down(case.posts[len(lengths) :: len(lengths) + 1])
        stack.enter_context(case.workers())
        for one in waking:
            one.join()
        time.sleep(1)
        case.settled()


def raced(case: Case) -> None:
    """F4: two, five or eight workers, as the seed has it, and two schedulers at once.

    Written in shares: what is due now may not be handed over minutes later.
    """
    count = WORKERS[case.seed % len(WORKERS)]
    case.open_channels()
    with case.workers(count):
        for numbers in batched(range(case.size.deliveries), HANDED_OVER_AT_ONCE):
            case.hand_over(case.write(numbers=numbers), from_threads=2)
        case.settled()
    sending = sum(bool(tally["visible.before"]) for tally in case.tallies())
    case.notes.append(f"{count} workers, {sending} of them sent")
    if case.size.is_full and sending < min(WORKERS):
        case.wrong.append("no two workers sent: nothing raced")


def database_stopped(case: Case) -> None:
    """F5: the database is stopped at once, five times, while workers send and somebody schedules.

    What was acknowledged is there after every stop. The network takes its time, so that a stop
    hits what is being sent; one that did not counts as wrong.
    """
    case.open_channels()
    case.order("a slow answer", "slow", count=None, seconds=SLOW_S)
    with case.workers(2):
        for number in range(STOPS):
            share = case.write(mark=f"{number} ", numbers=_share(case, number))
            handing = Thread(target=in_threads, args=([partial(case.hand_over, share)],))
            handing.start()
            if not _is_sending():
                case.wrong.append(f"nothing was being sent at stop {number}")
            time.sleep(case.chance.uniform(0, SLOW_S / 2))
            case.server.stop(first=signal.SIGQUIT)
            disconnect()
            case.server.start()
            handing.join()
        case.calm_down()
        case.settled()


def _share(case: Case, stop: int) -> range:
    """Return the numbers of a stop's posts in each class; with few posts, one has to do."""
    numbers = range(stop, case.size.deliveries, STOPS)
    return numbers or range(case.size.deliveries, case.size.deliveries + 1)


def _is_sending() -> bool:
    """Wait until something is being sent; say whether that came."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415

    until = time.monotonic() + COMES_WITHIN_S
    while time.monotonic() < until:
        with fence.everywhere("see whether something is being sent"):
            if Delivery.all_work.filter(state="sending").exists():
                return True
        time.sleep(0.01)
    return False


def _stands_still(pid: int) -> bool:
    """Wait until a process is stopped; say whether that came."""
    until = time.monotonic() + COMES_WITHIN_S
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "T":
            return True
        time.sleep(0.05)
    return False
