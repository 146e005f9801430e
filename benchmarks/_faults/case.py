"""What a fault is tried on: posts in every idempotency class, workers, and the judge."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._faults.rows import in_threads, unsettled, whatever_happens, work

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
ENOUGH = 30


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


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a fault is tried.

    deliveries: in each class. freezes: for how many seconds workers stand still. storm_s: how
    long a platform asks to wait.
    """

    classes: Sequence[str]
    deliveries: int
    freezes: Sequence[float]
    storm_s: float

    @property
    def is_full(self) -> bool:
        """Tell whether it is large enough that what chance decides must have come."""
        return self.deliveries >= ENOUGH


@dataclass(slots=True)
class Case:
    """One fault in all classes at once.

    tally: a folder in which its workers count what they met (tests/faults/doomed.py). address:
    where the channels find the network; a fault may stand in between. wrong: what the fault
    itself found broken or missing, counted as lost. notes: what else is worth a line. not_yet:
    posts that are rightly still waiting. halfway: those that a person stopped between two parts,
    and was told so. ordered: by their ids, the troubles that the network
    was told to make and that must come.
    """

    server: "Server"
    scene: "Scene"
    size: Size
    seed: int
    chance: random.Random
    tally: Path
    address: str = ""
    may_refuse: bool = False
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ordered: dict[str, str] = field(default_factory=dict)
    not_yet: set[int] = field(default_factory=set)
    halfway: set[int] = field(default_factory=set)
    channels: "dict[str, list[Channel]]" = field(default_factory=dict)
    posts: "list[Post]" = field(default_factory=list)

    def open_channels(self, *, mark: str = "", renewed: bool = False) -> None:
        """Open channels of every class; posts are written for those that were opened last.

        renewed: their grants end after a while and have to be renewed.
        """
        from loa.channels.models import Channel  # noqa: PLC0415
        from loa.ops import fence  # noqa: PLC0415

        connect = self.scene.renewed_channel if renewed else self.scene.channel
        for name in self.size.classes:
            self.channels[name] = [
                connect(f"{name.replace('_', '')}{mark}{number}", idempotency=name)
                for number in range(CHANNELS_PER_CLASS)
            ]
        if self.address:
            with fence.inside(self.scene.workspace.pk):
                Channel.objects.all().update(base_url=self.address)

    def write(
        self,
        *,
        parts: int = 1,
        later: timedelta | None = None,
        mark: str = "",
        numbers: Sequence[int] | None = None,
        due_at: "Callable[[int], datetime] | None" = None,
    ) -> "list[Post]":
        """Write posts, due now or `later`, each text once; nothing is handed over yet.

        numbers: which posts of each class; None for all. due_at: when each is due, by its
        place where the classes take turns.
        """
        from benchmarks import _ground  # noqa: PLC0415
        from loa.ops import clock  # noqa: PLC0415

        chosen = range(self.size.deliveries) if numbers is None else numbers
        named = [(name, number) for name in self.size.classes for number in chosen]
        said = [
            [f"{name} {mark}{number} {part}" for part in range(1, parts + 1)]
            for name, number in named
        ]
        channels = [self.channels[name][number % CHANNELS_PER_CLASS] for name, number in named]
        now = clock.now() + (later or timedelta(0))
        turns = [turn * len(self.size.classes) for turn in range(len(chosen))]
        places = [turn + place for place in range(len(self.size.classes)) for turn in turns]
        due = [due_at(place) if due_at else now for place in places]
        written: list[Post] = []
        for some in batched(zip(channels, said, due, strict=True), ROWS_AT_ONCE):
            written += _ground.planned_posts(
                [channel for channel, _, _ in some],
                [words for _, words, _ in some],
                due_at=[at for _, _, at in some],
                by=self.scene.ana,
            )
        self.posts += written
        return written

    def hand_over(self, posts: "Sequence[Post] | None" = None, *, from_threads: int = 1) -> None:
        """Schedule posts, or all; from several threads at once, each hands over all of them.

        A database that goes away meanwhile is asked again until it has acknowledged each.
        """
        from loa.ops import fence  # noqa: PLC0415
        from loa.publish import actions  # noqa: PLC0415

        def schedule(post: "Post") -> None:
            # The slower of two may find that everything was sent: it is told so by name.
            with suppress(actions.NoTimeSet), fence.inside(self.scene.workspace.pk):
                actions.schedule_post(post, by=self.scene.ana)

        def schedule_all() -> None:
            for post in self.posts if posts is None else posts:
                whatever_happens(partial(schedule, post))

        in_threads([schedule_all] * from_threads)

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
    def workers(
        self, count: int = 1, *, more: Mapping[str, str] | None = None, **said: object
    ) -> "Iterator[list[subprocess.Popen[str]]]":
        """Run worker processes for the block; `said` goes to tests.faults.workers."""
        from tests.faults.workers import worker_process  # noqa: PLC0415

        origins = {self.scene.practice.base_url, self.address} - {""}
        more = {"FAULTS_TALLY": str(self.tally), **(more or {})}
        with ExitStack() as stack:
            yield [
                stack.enter_context(worker_process(*origins, more=more, **said))  # type: ignore[arg-type]
                for _ in range(count)
            ]

    def order(self, what: str, kind: str, **how: object) -> None:
        """Tell the network to make trouble when posts are created; `what` must then come.

        Without a name it may come or not. how: may name another operation.
        """
        told = {"operation": "create_post", **how}
        made = self.scene.practice.client.add_fault(kind, **told)
        if what:
            self.ordered[made] = what

    def calm_down(self) -> None:
        """End all trouble of the network; what was ordered and did not come is wrong."""
        client = self.scene.practice.client
        struck: Counter[str] = Counter()
        for fault in client.faults():
            struck[self.ordered.get(fault["id"], "")] += fault["struck"]
        self.wrong += [
            f"{what} did not come"
            for what in dict.fromkeys(self.ordered.values())
            if not struck[what]
        ]
        self.ordered.clear()
        client.clear_faults()

    def tallies(self) -> list[Counter[str]]:
        """Return what each worker process met, by name."""
        return [Counter(one.read_text().split("\n")[:-1]) for one in self.tally.iterdir()]

    def demand(self, what: str, *, at_least: int = 1) -> None:
        """Call it wrong when the workers did not meet `what` so often."""
        met = sum(tally[what] for tally in self.tallies())
        if met < at_least:
            self.wrong.append(f"{what}: {met} times, not {at_least}")

    def finish(self) -> None:
        """Let a healthy worker do the rest."""
        with self.workers():
            self.settled()

    def settled(self, *, or_when: Callable[[], object] = lambda: False) -> bool:
        """Wait until nothing more happens by itself; say whether it came to that in time.

        or_when: what makes waiting useless.
        """
        from tests.faults.workers import eventually  # noqa: PLC0415

        within_s = SETTLE_WITHIN_S + len(self.posts) * SETTLE_EACH_S
        over = eventually(
            lambda: not any(map(self.waits, unsettled())) or bool(or_when()), within_s=within_s
        )
        if not over:
            self.notes += [
                f"delivery {one.pk} is still {one.state} ({one.failure_code}) after {one.tries}"
                f" tries, ready {one.ready_at}"
                for one in unsettled()[:5]
            ]
        return over

    def waits(self, delivery: "Delivery") -> bool:
        """Say whether something still happens to a delivery by itself."""
        from tests.faults.workers import is_settled  # noqa: PLC0415

        return not is_settled(delivery)

    def judged(self, fault: str, *, seconds: float) -> list[Cell]:
        """Compare the rows with the ledger, class by class."""
        published = Counter(self.scene.ledger())
        rows = work()
        cells = []
        for name in self.size.classes:
            mine = [one for one in rows if one.channel.facts["idempotency"] == name]
            twice = sum(n - 1 for text, n in published.items() if text.startswith(f"{name} "))
            ends = Counter(self._end(one, published) for one in mine)
            lost = ends["lost"] + (len(self.wrong) if name == self.size.classes[0] else 0)
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
        if delivery.post_id in self.halfway and delivery.failure_code == "thread.stopped":
            return "refused"
        stopped = delivery.state in {"failed", "cancelled"}
        if stopped and self.may_refuse and not live:
            return "refused"
        return "waiting" if delivery.post_id in self.not_yet and not live else "lost"
