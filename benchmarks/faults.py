"""Duplicates and losses under faults, for every idempotency class (B5).

A database that syncs to disk, the practice network in its own process, worker processes of
their own. The network's append-only ledger is the witness. F1: a worker is killed at each
step. F2: answers of accepted posts get lost in five ways. F3: a worker freezes and wakes. F4:
three workers and two schedulers at once. F5: the database is stopped immediately, five times.
F6: the line is cut, slow and lossy, and names are not found. F7: clocks are an hour wrong. F8:
a storm of 429. F9: grants die and are given anew. F10: poisoned pictures and a full disk. F11:
edits and cancellations around the claim. F12: every status with every kind of body.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from benchmarks import _ground
from benchmarks._faults import answers, content, processes, surroundings
from benchmarks._faults.case import Case, Cell, forget

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
    "F7": surroundings.clocks_wrong,
    "F8": answers.stormed,
    "F9": answers.taken_back,
    "F10": content.poisoned,
    "F11": content.edited,
    "F12": answers.lied_to,
}
HEADER = ("fault", "class", "deliveries", "twice", "lost", "asked", "refused", "seconds")


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when anything was published twice or lost."""
    parser = argparse.ArgumentParser(prog="loa bench faults", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1000, help="in each class")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--classes", nargs="+", choices=CLASSES, default=CLASSES)
    parser.add_argument("--freeze", type=float, default=6.0, help="F3: for how many seconds")
    options = parser.parse_args(argv)
    sys.stdout.write("{:<6}{:<18}{:>11}{:>7}{:>7}{:>8}{:>9}{:>9}\n".format(*HEADER))
    cells = []
    with _ground.fresh_database() as server:
        for fault in options.only:
            for seed in range(options.seeds):
                cells += _tried(server, fault, options, seed)
    return 0 if all(cell.holds for cell in cells) else 1


def _tried(server: "Server", fault: str, options: argparse.Namespace, seed: int) -> list[Cell]:
    from practice_network.testing import running_network  # noqa: PLC0415
    from tests.publish.scene import a_scene  # noqa: PLC0415

    began = time.perf_counter()
    with running_network(seed=seed) as practice:
        chance = random.Random(seed)  # noqa: S311 (a repeatable fault, no secret)
        case = Case(
            server, a_scene(practice), options.classes, options.deliveries, chance, options.freeze
        )
        FAULTS[fault](case)
        cells = case.judged(fault, seconds=time.perf_counter() - began)
    for cell in cells:
        sys.stdout.write(cell.row() + "\n")
    sys.stdout.writelines(f"      {what}\n" for what in case.wrong[:10])
    sys.stdout.flush()
    forget()
    return cells


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
