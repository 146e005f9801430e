"""How late posts reach the platform, when 2,000 of them fall due within one minute (B2).

The instants are drawn by chance over the minute, as a plan's never are: worse than life, where
posts share their minutes. Lateness runs from the planned instant to the moment at which the
platform accepted, by its own ledger; both on this machine's clock.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks import _ground
from benchmarks._null_network import NullNetwork, null_network

if TYPE_CHECKING:
    from datetime import datetime

MOST_P50_S, MOST_P99_S = 0.100, 2.0
CHANNELS = 50
SPAN_S = 60.0
LEAD_S = 5.0
GIVE_UP_S = 60.0
SEED = 20261120


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when posts are later than they may be."""
    parser = argparse.ArgumentParser(prog="loa bench lateness", description=__doc__)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--senders", type=int, default=48)
    options = parser.parse_args(argv)
    with _ground.fresh_database(), null_network() as network:
        late_s, lost, twice = _measure(network, options)
    p50, p99, most = (_quantile(late_s, share) for share in (0.50, 0.99, 1.0))
    sys.stdout.write(f"{'posts in one minute':<28}{options.posts:>8}\n")
    sys.stdout.write(
        f"{'lateness p50':<28}{p50 * 1000:>8.0f} ms, at most {MOST_P50_S * 1000:.0f}\n"
    )
    sys.stdout.write(
        f"{'lateness p99':<28}{p99 * 1000:>8.0f} ms, at most {MOST_P99_S * 1000:.0f}\n"
    )
    sys.stdout.write(f"{'latest':<28}{most * 1000:>8.0f} ms\n")
    sys.stdout.write(f"{'published twice, lost':<28}{twice:>8}, {lost}\n")
    return 0 if p50 <= MOST_P50_S and p99 <= MOST_P99_S and not lost and not twice else 1


def _measure(network: NullNetwork, options: argparse.Namespace) -> tuple[list[float], int, int]:
    from loa.connectors import transport  # noqa: PLC0415
    from loa.ops import clock  # noqa: PLC0415
    from loa.publish.dispatcher import Pace, Worker  # noqa: PLC0415

    transport.configure(allowed_origins=[network.base_url])
    workspace, channels = _ground.a_workspace_with_channels(
        channels=CHANNELS, base_url=network.base_url
    )
    chance = random.Random(SEED)  # noqa: S311 (a repeatable plan, no secret)
    begin = clock.now() + timedelta(seconds=LEAD_S + options.posts / 1000)
    due_at = sorted(
        begin + timedelta(seconds=chance.uniform(0, SPAN_S)) for _ in range(options.posts)
    )
    _ground.due_posts(workspace, channels, due_at, mark="on time")
    worker = Worker(Pace(senders=options.senders))
    worker.start()
    until = time.monotonic() + LEAD_S + SPAN_S + GIVE_UP_S
    while len(network.accepted()) < options.posts and time.monotonic() < until:
        time.sleep(0.5)
    worker.stop()
    return _compared(network, due_at)


def _compared(network: NullNetwork, due_at: "list[datetime]") -> tuple[list[float], int, int]:
    """Return how late each post was, how many never came and how many came twice."""
    accepted: dict[str, float] = {}
    twice = 0
    for text, at_s in network.accepted():
        twice += text in accepted
        accepted.setdefault(text, at_s)
    late_s = [
        accepted[text] - due.timestamp()
        for number, due in enumerate(due_at)
        if (text := f"on time {number}: bánh mì nóng đây!") in accepted
    ]
    return late_s, len(due_at) - len(late_s), twice


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
