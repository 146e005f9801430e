"""What a fault is tried on: posts in every idempotency class, workers, and the judge."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import batched
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

    from loa.channels.models import Channel
    from loa.content.models import Post
    from loa.ops.postgres.server import Server
    from loa.publish.models import Delivery
    from tests.publish.scene import Scene

CHANNELS_PER_CLASS = 2
SETTLE_WITHIN_S, SETTLE_EACH_S = 240.0, 0.2
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """How one fault ended for one class.

    asked: left to a person, where nothing can be read back. refused: stopped for a reason that
    this fault gives (a poisoned picture, a cancellation), and not in the ledger.
    """

    fault: str
    idempotency: str
    deliveries: int
    twice: int
    lost: int
    asked: int
    refused: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Tell whether nothing was published twice, lost or hidden."""
        return not self.twice and not self.lost

    def row(self) -> str:
        """Return it as a line of the table."""
        return (
            f"{self.fault:<6}{self.idempotency:<18}{self.deliveries:>11}{self.twice:>7}"
            f"{self.lost:>7}{self.asked:>8}{self.refused:>9}{self.seconds:>9.1f}"
        )


@dataclass(slots=True)
class Case:
    """One fault in all classes at once. deliveries: in each class. chance: seeded.

    address: where the channels find the network; a fault may stand in between. wrong: what the
    fault itself found broken, counted as lost. not_yet: posts that are rightly still waiting.
    """

    server: "Server"
    scene: "Scene"
    classes: Sequence[str]
    deliveries: int
    chance: random.Random
    freeze_s: float = 6.0
    address: str = ""
    may_refuse: bool = False
    wrong: list[str] = field(default_factory=list)
    not_yet: set[int] = field(default_factory=set)
    channels: "dict[str, list[Channel]]" = field(default_factory=dict)
    posts: "list[Post]" = field(default_factory=list)

    def open_channels(self) -> None:
        """Open the channels of every class."""
        from loa.channels.models import Channel  # noqa: PLC0415
        from loa.ops import fence  # noqa: PLC0415

        for name in self.classes:
            self.channels[name] = [
                self.scene.channel(f"{name.replace('_', '')}{number}", idempotency=name)
                for number in range(CHANNELS_PER_CLASS)
            ]
        if self.address:
            with fence.inside(self.scene.workspace.pk):
                Channel.objects.all().update(base_url=self.address)

    def write(self, *, parts: int = 1, later: timedelta | None = None, mark: str = "") -> None:
        """Write posts, due now or `later`, each text once; nothing is handed over yet."""
        from benchmarks import _ground  # noqa: PLC0415
        from loa.ops import clock  # noqa: PLC0415

        due_at = clock.now() + (later or timedelta(0))
        named = [(name, number) for name in self.classes for number in range(self.deliveries)]
        said = [
            [f"{name} {mark}{number} {part}" for part in range(1, parts + 1)]
            for name, number in named
        ]
        channels = [self.channels[name][number % CHANNELS_PER_CLASS] for name, number in named]
        for some in batched(zip(channels, said, strict=True), ROWS_AT_ONCE):
            self.posts += _ground.planned_posts(
                [channel for channel, _ in some],
                [words for _, words in some],
                due_at=due_at,
                by=self.scene.ana,
            )

    def hand_over(self, *, from_threads: int = 1) -> None:
        """Schedule every post; from several threads at once, each hands over all of them."""
        from loa.ops import fence  # noqa: PLC0415
        from loa.publish import actions  # noqa: PLC0415

        def schedule() -> None:
            for post in self.posts:
                # The slower of two may find that everything was sent: it is told so by name.
                try:
                    with fence.inside(self.scene.workspace.pk):
                        actions.schedule_post(post, by=self.scene.ana)
                except actions.NoTimeSet:
                    continue

        in_threads([schedule] * from_threads)

    def make_due(self, *, parts: int = 1) -> None:
        """Open channels and have posts due on them: how a fault begins that is about sending."""
        self.open_channels()
        self.write(parts=parts)
        self.put_down()

    def put_down(self, posts: "Sequence[Post] | None" = None) -> None:
        """Write the deliveries of `posts`, or all, as handing over would have, all at once."""
        from benchmarks import _ground  # noqa: PLC0415

        for some in batched(self.posts if posts is None else posts, ROWS_AT_ONCE):
            _ground.deliveries_of(some, by=self.scene.ana)

    @contextmanager
    def workers(self, count: int = 1, **said: object) -> "Iterator[list[subprocess.Popen[str]]]":
        """Run worker processes for the block; `said` goes to tests.faults.workers."""
        from tests.faults.workers import worker_process  # noqa: PLC0415

        origins = {self.scene.practice.base_url, self.address} - {""}
        with ExitStack() as stack:
            yield [
                stack.enter_context(worker_process(*origins, **said))  # type: ignore[arg-type]
                for _ in range(count)
            ]

    def finish(self) -> None:
        """Let a healthy worker do the rest."""
        with self.workers():
            self.settled()

    def settled(self) -> bool:
        """Wait until nothing more happens by itself; say whether it came to that in time."""
        from tests.faults.workers import eventually  # noqa: PLC0415

        within_s = SETTLE_WITHIN_S + len(self.posts) * SETTLE_EACH_S
        return eventually(lambda: not any(map(self.waits, unsettled())), within_s=within_s)

    def waits(self, delivery: "Delivery") -> bool:
        """Say whether something still happens to a delivery by itself."""
        from tests.faults.workers import is_settled  # noqa: PLC0415

        return not is_settled(delivery)

    def judged(self, fault: str, *, seconds: float) -> list[Cell]:
        """Compare the rows with the ledger, class by class."""
        published = Counter(self.scene.ledger())
        rows = work()
        cells = []
        for name in self.classes:
            mine = [one for one in rows if one.channel.facts["idempotency"] == name]
            twice = sum(n - 1 for text, n in published.items() if text.startswith(f"{name} "))
            ends = Counter(self._end(one, published) for one in mine)
            lost = ends["lost"] + (len(self.wrong) if name == self.classes[0] else 0)
            lost += abs(len(mine) - sum(self._class_of(post) == name for post in self.posts))
            counted = (len(mine), twice, lost, ends["asked"], ends["refused"])
            cells.append(Cell(fault, name, *counted, seconds))
        return cells

    def _class_of(self, post: "Post") -> str:
        return post.document.parts[0].caption.split(" ")[0]

    def _end(self, delivery: "Delivery", published: "Counter[str]") -> str:
        from loa.publish.rules.threading import frozen_from_json  # noqa: PLC0415

        if delivery.outgoing:
            document = frozen_from_json(delivery.outgoing).document
        else:
            document = delivery.variant.document  # type: ignore[union-attr]  # no comments here
        live = [part.caption for part in document.parts if published[part.caption]]
        if delivery.state == "delivered":
            return "delivered" if len(live) == len(document.parts) else "lost"
        if delivery.state == "uncertain" and delivery.needs_person:
            return "asked" if delivery.channel.facts["idempotency"] == "none" else "lost"
        stopped = delivery.state in {"failed", "cancelled"}
        if stopped and self.may_refuse and not live:
            return "refused"
        return "waiting" if delivery.post_id in self.not_yet and not live else "lost"


def work() -> "list[Delivery]":
    """Return every delivery as it is now, however often the database just went away."""
    from tests.faults.workers import all_work  # noqa: PLC0415

    return _whatever_happens(all_work)


def unsettled() -> "list[Delivery]":
    """Return some of the deliveries that are not over yet; none when all are."""
    from django.db.models import Q  # noqa: PLC0415

    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415

    def read() -> "list[Delivery]":
        with fence.everywhere("see whether the deliveries of a case are over"):
            over = Q(state__in=("delivered", "failed", "cancelled"))
            over |= Q(state="uncertain", needs_person=True)
            rest = Delivery.all_work.exclude(over)
            return list(rest.select_related("channel", "variant__post")[:20])

    return _whatever_happens(read)


def _whatever_happens(read: "Callable[[], list[Delivery]]") -> "list[Delivery]":
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415

    for _ in range(50):
        try:
            return read()
        except (OperationalError, InterfaceError):
            disconnect()
            time.sleep(0.2)
    return read()


def forget() -> None:
    """Take a case's rows out of the way of the next one."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Attempt, Delivery, DeliveryPart  # noqa: PLC0415

    with fence.everywhere("clear a case of the fault table"):
        Attempt.objects.all().delete()
        DeliveryPart.objects.all().delete()
        Delivery.all_work.all().delete()
    disconnect()


def disconnect() -> None:
    """Give back this thread's connection."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def in_threads(work_: list[Callable[[], None]]) -> None:
    """Do everything at once, each in a thread with a connection of its own."""
    if len(work_) == 1:
        work_[0]()
        return

    def closing(one: Callable[[], None]) -> None:
        try:
            one()
        finally:
            disconnect()

    threads = [Thread(target=closing, args=(one,)) for one in work_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
