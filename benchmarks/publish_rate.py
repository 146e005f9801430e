"""Due posts recorded as delivered per second, beside a one-post-at-a-time loop (B1).

A database that syncs to disk, a network of its own process that answers at once, the real
connector over the real transport. The loop does the least that is safe with an ORM: lock one
row, mark it as sending, commit, call, record, commit. Both run in turns in the same minute.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import _ground
from benchmarks._null_network import NullNetwork, null_network

if TYPE_CHECKING:
    from loa.channels.models import Channel
    from loa.workspace.models import Workspace

LEAST_PER_S = 1_000
LEAST_TIMES = 10
CHANNELS = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """One run: how many posts, how long, how much CPU of this process."""

    name: str
    posts: int
    seconds: float
    cpu_s: float

    @property
    def per_s(self) -> float:
        """Return posts per second."""
        return self.posts / self.seconds

    def row(self) -> str:
        """Return it as a line of the table."""
        return (
            f"{self.name:<34}{self.posts:>7}{self.seconds:>9.2f} s{self.per_s:>9.0f}/s"
            f"{self.cpu_s / self.posts * 1000:>9.3f} ms CPU/post"
        )


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when it is slower than it must be."""
    parser = argparse.ArgumentParser(prog="loa bench publish_rate", description=__doc__)
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--senders", type=int, default=48)
    options = parser.parse_args(argv)
    with _ground.fresh_database(), null_network() as network:
        figures = _measure(network, options)
        texts = [text for text, _ in network.accepted()]
    twice = len(texts) - len(set(texts))
    expected = sum(figure.posts for figure in figures)
    for figure in figures:
        sys.stdout.write(figure.row() + "\n")
    engine = max(figure.per_s for figure in figures if figure.name == "loa")
    loop = max(figure.per_s for figure in figures if figure.name != "loa")
    sys.stdout.write(f"{'times the loop':<34}{engine / loop:>7.1f}\n")
    sys.stdout.write(f"{'published twice, lost':<34}{twice:>7}, {expected - len(set(texts))}\n")
    fast_enough = engine >= LEAST_PER_S and engine >= LEAST_TIMES * loop
    return 0 if fast_enough and not twice and expected == len(set(texts)) else 1


def _measure(network: NullNetwork, options: argparse.Namespace) -> list[Figure]:
    from loa.connectors import transport  # noqa: PLC0415

    transport.configure(allowed_origins=[network.base_url])
    workspace, channels = _ground.a_workspace_with_channels(
        channels=CHANNELS, base_url=network.base_url
    )
    figures = []
    for number in range(options.rounds):
        few = max(100, options.posts // 20)
        _due(workspace, channels, few, mark=f"loop {number}")
        figures.append(_timed("one at a time", few, _one_at_a_time))
        _due(workspace, channels, options.posts, mark=f"loa {number}")
        figures.append(
            _timed("loa", options.posts, lambda: _with_loa(options.posts, options.senders))
        )
    return figures


def _due(workspace: "Workspace", channels: "list[Channel]", posts: int, *, mark: str) -> None:
    from loa.ops import clock  # noqa: PLC0415

    _ground.due_posts(workspace, channels, [clock.now()] * posts, mark=mark)


def _timed(name: str, posts: int, run: Callable[[], None]) -> Figure:
    used = _cpu_s()
    began = time.perf_counter()
    run()
    return Figure(name, posts, time.perf_counter() - began, _cpu_s() - used)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _with_loa(posts: int, senders: int) -> None:
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.dispatcher import Pace, Worker  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415

    def is_left() -> bool:
        with fence.everywhere("see whether something is left to send"):
            return Delivery.objects.exclude(state="delivered").exists()

    del posts
    worker = Worker(Pace(senders=senders))
    worker.start()
    while is_left():
        time.sleep(0.05)
    worker.stop()


def _one_at_a_time() -> None:
    """Send what is due as a plain Django worker would, safely but singly."""
    from django.db import transaction  # noqa: PLC0415

    from loa.channels.actions import open_grant  # noqa: PLC0415
    from loa.connectors import transport  # noqa: PLC0415
    from loa.connectors.contract import OutgoingPart  # noqa: PLC0415
    from loa.connectors.registry import connector  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.publish.models import Attempt, Delivery  # noqa: PLC0415

    while True:
        with fence.everywhere("send one after the other"):
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("variant__post", "channel__grant__workspace", "channel__workspace")
                .filter(state="due", ready_at__lte=clock.now())
                .order_by("ready_at", "pk")
                .first()
            )
            if delivery is None or delivery.variant is None:
                return
            now = clock.now()
            delivery.state, delivery.sending_at, delivery.unproven_since = "sending", now, now
            delivery.worker, delivery.lease_until, delivery.outgoing = 1, now, {}
            delivery.save()
        with fence.inside(delivery.workspace_id):
            ref = open_grant(delivery.channel)
        platform = connector(delivery.channel.platform)
        part = OutgoingPart(
            caption=delivery.variant.document.parts[0].caption,
            language="vi",
            key=str(delivery.key),
            reference=str(delivery.key),
            created_at=now,
        )
        published = transport.drive(platform.publish(part, ref), platform=platform.name)
        with fence.everywhere("record one after the other"), transaction.atomic():
            delivery.state, delivery.delivered_at = "delivered", clock.now()
            delivery.external_id, delivery.url = published.external_id, published.url
            delivery.worker = delivery.lease_until = delivery.unproven_since = None
            delivery.save()
            Attempt.objects.create(
                workspace_id=delivery.workspace_id,
                delivery=delivery,
                step="publish",
                started_at=now,
                ended_at=clock.now(),
                outcome="ok",
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
