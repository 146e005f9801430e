"""Duplicates and losses under faults, for every idempotency class (B5).

A database that syncs to disk, the practice network in its own process, worker processes of
their own. The network's append-only ledger is the witness. F1: a worker is killed at each
step. F2: answers of accepted posts get lost in four ways. F4: three workers and two
schedulers at once. F5: the database is stopped immediately, five times.
"""

import argparse
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import _ground

if TYPE_CHECKING:
    from loa.ops.postgres.server import Server
    from practice_network.testing import Running
    from tests.publish.scene import Scene

CLASSES = ("native_key", "client_id", "handle_read_back", "feed_read_back", "none")
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
LOST: tuple[tuple[str, dict[str, int]], ...] = (
    ("drop", {}),
    ("reset", {}),
    ("truncate", {}),
    ("status", {"status": 502}),
)
STOPS = 5
CHANNELS = 4
SETTLE_WITHIN_S = 180.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault in one class. asked: left to a person, where nothing can be read back."""

    fault: str
    idempotency: str
    deliveries: int
    twice: int
    lost: int
    asked: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Tell whether nothing was published twice, lost or hidden."""
        return not self.twice and not self.lost

    def row(self) -> str:
        """Return it as a line of the table."""
        return (
            f"{self.fault:<6}{self.idempotency:<18}{self.deliveries:>11}{self.twice:>7}"
            f"{self.lost:>7}{self.asked:>8}{self.seconds:>9.1f}"
        )


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when anything was published twice or lost."""
    parser = argparse.ArgumentParser(prog="loa bench faults", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1000, help="in each cell")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=sorted(FAULTS), help="one fault alone")
    parser.add_argument("--classes", nargs="+", choices=CLASSES, default=CLASSES)
    options = parser.parse_args(argv)
    faults = [options.only] if options.only else sorted(FAULTS)
    header = ("fault", "class", "deliveries", "twice", "lost", "asked", "seconds")
    sys.stdout.write("{:<6}{:<18}{:>11}{:>7}{:>7}{:>8}{:>9}\n".format(*header))
    cells = []
    with _ground.fresh_database() as server:
        for fault in faults:
            for idempotency in options.classes:
                for seed in range(options.seeds):
                    cell = _cell(server, fault, idempotency, options.deliveries, seed)
                    sys.stdout.write(cell.row() + "\n")
                    sys.stdout.flush()
                    cells.append(cell)
    return 0 if all(cell.holds for cell in cells) else 1


def _cell(server: "Server", fault: str, idempotency: str, deliveries: int, seed: int) -> Cell:
    from practice_network.testing import running_network  # noqa: PLC0415
    from tests.publish.scene import a_scene  # noqa: PLC0415

    began = time.perf_counter()
    with running_network(seed=seed) as practice:
        scene = a_scene(practice)
        run = FAULTS[fault]
        run(Case(server, scene, idempotency, deliveries, random.Random(seed)))  # noqa: S311
        done = _settled()
        twice, lost, asked = _judged(scene, done=done)
    _forget()
    seconds = time.perf_counter() - began
    return Cell(fault, idempotency, deliveries, twice, lost, asked, seconds)


@dataclass(frozen=True, slots=True)
class Case:
    """What a fault is tried on. chance: seeded."""

    server: "Server"
    scene: "Scene"
    idempotency: str
    deliveries: int
    chance: random.Random

    @property
    def practice(self) -> "Running":
        """The network."""
        return self.scene.practice

    def schedule(self, *, from_threads: int = 1) -> None:
        """Hand over all posts; from several threads at once, each hands over all of them."""
        from loa.ops import fence  # noqa: PLC0415
        from loa.publish import actions  # noqa: PLC0415

        channels = [
            self.scene.channel(f"tiem{number}", idempotency=self.idempotency)
            for number in range(CHANNELS)
        ]
        posts = [
            self.scene.post(channels[number % CHANNELS], text=f"{self.idempotency} {number}")
            for number in range(self.deliveries)
        ]

        def hand_over() -> None:
            for post in posts:
                with fence.inside(self.scene.workspace.pk):
                    actions.schedule_post(post, by=self.scene.ana)

        _in_threads([hand_over] * from_threads)


def _killed(case: Case) -> None:
    case.schedule()
    for step in STEPS:
        occurrence = case.chance.randint(1, max(1, case.deliveries // (2 * len(STEPS))))
        with _workers(case, step=step, occurrence=occurrence) as [process]:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                continue
    _finish(case)


def _lost(case: Case) -> None:
    for kind, more in LOST:
        case.practice.client.add_fault(
            kind,
            operation="create_post",
            when="after",
            count=None,
            probability=0.1,
            seed=case.chance.randint(1, 999),
            **more,
        )
    case.schedule()
    _finish(case)


def _raced(case: Case) -> None:
    with _workers(case, count=3):
        case.schedule(from_threads=2)
        _settled()


def _stopped(case: Case) -> None:
    """Stop the database at once, five times, while workers send."""
    case.schedule()
    with _workers(case, count=2):
        for _ in range(STOPS):
            time.sleep(case.chance.uniform(0.3, 1.2))
            case.server.stop(first=signal.SIGQUIT)
            _disconnect()
            case.server.start()
        _settled()


FAULTS: dict[str, Callable[[Case], None]] = {
    "F1": _killed,
    "F2": _lost,
    "F4": _raced,
    "F5": _stopped,
}


def _finish(case: Case) -> None:
    with _workers(case):
        _settled()


@contextmanager
def _workers(
    case: Case, *, count: int = 1, step: str = "none", occurrence: int = 0
) -> "Iterator[list[subprocess.Popen[str]]]":
    from tests.faults.workers import worker_process  # noqa: PLC0415

    with ExitStack() as stack:
        yield [
            stack.enter_context(
                worker_process(case.practice.base_url, step=step, occurrence=occurrence)
            )
            for _ in range(count)
        ]


def _settled() -> bool:
    from tests.faults.workers import all_work, eventually, is_settled  # noqa: PLC0415

    return eventually(lambda: all(map(is_settled, all_work())), within_s=SETTLE_WITHIN_S)


def _judged(scene: "Scene", *, done: bool) -> tuple[int, int, int]:
    """Compare the rows with the ledger: published twice, lost or hidden, left to a person."""
    from tests.faults.workers import all_work, is_settled  # noqa: PLC0415

    published = Counter(scene.ledger())
    twice = sum(count - 1 for count in published.values())
    lost = asked = 0
    for delivery in all_work():
        said = delivery.variant.document.parts[0].caption if delivery.variant else ""
        if delivery.state == "delivered":
            lost += not published[said]
        elif done and is_settled(delivery) and delivery.needs_person:
            readable = delivery.channel.facts["idempotency"] != "none"
            lost, asked = lost + readable, asked + (not readable)
        else:
            lost += 1
    return twice, lost, asked


def _forget() -> None:
    """Take the cell's rows out of the way of the next one."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Attempt, Delivery, DeliveryPart  # noqa: PLC0415

    with fence.everywhere("clear a cell of the fault table"):
        Attempt.objects.all().delete()
        DeliveryPart.objects.all().delete()
        Delivery.all_work.all().delete()
    _disconnect()


def _disconnect() -> None:
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def _in_threads(work: list[Callable[[], None]]) -> None:
    """Run all of `work` at once, each in a thread with a connection of its own."""
    if len(work) == 1:
        work[0]()
        return

    def closing(one: Callable[[], None]) -> None:
        try:
            one()
        finally:
            _disconnect()

    threads = [threading.Thread(target=closing, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
