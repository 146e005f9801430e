"""F6: the line is cut, slow and lossy, and names are lost."""

import time
from collections.abc import Callable

from benchmarks._faults.case import Case
from benchmarks._faults.proxy import Line, line_to

CUT_S, DELAY_S = 2.0, 2.0
LOST_NAMES = "0.3"
# A twentieth of the calls meets the delay, before the cut and once more after it; each call
# that does takes seconds, so with many posts there is an end to it.
SHARE, BAD_MOST_S = 0.05, 120.0


def line_bad(case: Case) -> None:
    """F6: loss and delay with names that are not found, a cut among it; then all is well.

    Each goes on until a real share of the calls met it: 2 s of delay for each request, one in
    ten lost, three in ten names not found.
    """
    parts = 2
    with line_to(case.scene.practice.base_url, case.chance) as line:
        case.address = line.address
        line.loses, line.delay_s = True, DELAY_S
        case.make_due(parts=parts)
        share = max(2, int(len(case.posts) * parts * SHARE))
        with case.workers(2, more={"FAULTS_LOST_NAMES": LOST_NAMES}):
            _until(lambda: line.met["delay"] >= share and line.met["loss"] > 0)
            line.break_off()
            time.sleep(CUT_S)
            _until(lambda: line.met["cut"] > 0)
            line.cut = False
            _until(lambda: line.met["delay"] >= 2 * share)
            line.mend()
        case.finish()
        _judge(case, line, share=share)


def _judge(case: Case, line: Line, *, share: int) -> None:
    least = {"delay": min(share, 30), "loss": 1, "cut": 1}
    case.wrong += [
        f"the line's {what}: met by {line.met[what]} requests, not {count}"
        for what, count in least.items()
        if line.met[what] < count
    ]
    case.demand("name lost")
    lost_names = sum(tally["name lost"] for tally in case.tallies())
    case.notes.append(
        f"requests that met the delay {line.met['delay']}, a loss {line.met['loss']},"
        f" the cut {line.met['cut']}; names not found {lost_names}"
    )


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + BAD_MOST_S
    while time.monotonic() < until and not is_so():
        time.sleep(0.05)
