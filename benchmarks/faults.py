"""Duplicates and losses under faults, for every idempotency class (B5).

A database that syncs to disk, the practice network in its own process, worker processes of
their own. The network's append-only ledger is the witness. F1: a worker is killed at each
step. F2: answers of accepted posts get lost in five ways. F3: workers freeze at random steps
and wake. F4: two to eight workers and two schedulers at once. F5: the database is stopped
immediately, five times, while something is sent. F6: the line is cut, lossy and 2 s slow, and
names are not found. F7: clocks are an hour wrong, machines stand in other zones, and posts are
planned for times that six zones skip or show twice. F8: half of the calls to some channels are
answered with 429, and the others' posts may not get late. F9: grants end, and two processes want
to renew one at once; others are taken back and given anew. F10: poisoned pictures, a full disk,
no memory. F11: edits, cancellations and approvals within 50 ms of the claim. F12: every status
with every kind of body.

A fault that did not really come counts as wrong, as does what it broke: both are in the column
"lost" of the first class, and named below the row. What chance decides must have come from 30
deliveries in each class on.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import _ground
from benchmarks._faults import (
    answers,
    content,
    grants,
    meddling,
    processes,
    storm,
    surroundings,
    zones,
)
from benchmarks._faults.at_once import each_in_a_process
from benchmarks._faults.case import Case, Cell, Size
from benchmarks._faults.rows import forget

if TYPE_CHECKING:
    from loa.ops.postgres.server import Server

CLASSES = ("native_key", "client_id", "handle_read_back", "feed_read_back", "none")
FAULTS: dict[str, Callable[[Case], None]] = {
    "F1": processes.killed,
    "F2": answers.lost,
    "F3": processes.frozen,
    "F4": processes.raced,
    "F5": processes.database_stopped,
    "F6": surroundings.line_bad,
    "F7": zones.clocks_wrong,
    "F8": storm.stormed,
    "F9": grants.ended_and_taken_back,
    "F10": content.poisoned,
    "F11": meddling.meddled_with,
    "F12": answers.lied_to,
}
HEADER = ("fault", "class", "deliveries", "twice", "lost", "asked", "refused", "seconds")
MOST_NAMED = 10


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when anything was published twice, lost or failed."""
    options = _parser().parse_args(argv)
    sys.stdout.write("{:<6}{:<18}{:>11}{:>7}{:>7}{:>8}{:>9}{:>9}\n".format(*HEADER))
    sys.stdout.flush()
    if len(options.only) > 1:
        # The last word on what to try is the one that counts.
        return each_in_a_process([[*argv, "--only", one] for one in options.only], options.at_once)
    holds = True
    with _ground.fresh_database() as server:
        for seed in range(options.seeds):
            holds &= _holds(server, options.only[0], options, seed)
    return 0 if holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench faults", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1000, help="in each class")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--classes", nargs="+", choices=CLASSES, default=CLASSES)
    parser.add_argument(
        "--freezes", nargs="+", type=float, default=[5, 30, 120], help="F3: for how many seconds"
    )
    parser.add_argument("--storm", type=float, default=300, help="F8: for how many seconds")
    parser.add_argument("--at-once", type=int, default=1, help="faults that run beside each other")
    return parser


def _holds(server: "Server", fault: str, options: argparse.Namespace, seed: int) -> bool:
    """Try a fault with one seed and print its rows; what it raises is printed, and no more."""
    size = Size(options.classes, options.deliveries, options.freezes, options.storm)
    try:
        cells, said = _tried(server, fault, size, seed)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other cells go on
        traceback.print_exc()
        cells, said = [], [f"{fault:<6}failed: {type(error).__name__}: {error}"]
    sys.stdout.writelines(f"{line}\n" for line in [*(cell.row() for cell in cells), *said])
    sys.stdout.flush()
    return bool(cells) and all(cell.holds for cell in cells)


def _tried(server: "Server", fault: str, size: Size, seed: int) -> tuple[list[Cell], list[str]]:
    from practice_network.testing import running_network  # noqa: PLC0415
    from tests.publish.scene import a_scene  # noqa: PLC0415

    began = time.perf_counter()
    chance = random.Random(seed)  # noqa: S311 (a repeatable fault, no secret)
    with running_network(seed=seed) as practice, tempfile.TemporaryDirectory() as tally:
        case = Case(server, a_scene(practice), size, seed, chance, Path(tally))
        try:
            FAULTS[fault](case)
            cells = case.judged(fault, seconds=time.perf_counter() - began)
        finally:
            forget()
    said = [*case.wrong[:MOST_NAMED], *case.notes]
    if len(case.wrong) > MOST_NAMED:
        said.append(f"and {len(case.wrong) - MOST_NAMED} more that are wrong")
    return cells, [f"      {what}" for what in said]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
