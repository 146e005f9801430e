"""One worker against four, on a platform that takes 100 ms: posts per second of each.

Each worker has few senders, so that the platform's slowness is the limit and not this machine.
Each runs on a host of its own, in a network namespace, where the system makes them; the platform
is across the net.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from benchmarks import _ground
from benchmarks._hosts import hosts
from benchmarks._null_network import NullNetwork, null_network
from benchmarks._workers import workers

DELAY_MS = 100
SENDERS = 8
CHANNELS = 96
MANY = 4
LEAST_LINEAR = 0.9
POSTS_PER_WORKER = 1000


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when four do less than 90 % of four times one."""
    parser = argparse.ArgumentParser(prog="loa bench scaling", description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS_PER_WORKER, help="for each worker")
    options = parser.parse_args(argv)
    with (
        _ground.fresh_database(),
        hosts(MANY) as apart,
        null_network(delay_ms=DELAY_MS, address=apart.address) as network,
    ):
        rates = {
            count: _rate(network, apart.prefixes[:count], options.posts * count)
            for count in (1, MANY)
        }
        texts = [text for text, _ in network.accepted()]
    linear = rates[MANY] / (MANY * rates[1])
    where = "each in a network namespace" if apart.are_apart else "all in one network"
    sys.stdout.write(f"workers       {where}\n")
    for count, rate in rates.items():
        sys.stdout.write(f"{count} worker(s)   {rate:>8.1f} posts/s\n")
    sys.stdout.write(f"of linear     {linear:>8.1%}, at least {LEAST_LINEAR:.0%}\n")
    twice = len(texts) - len(set(texts))
    sys.stdout.write(f"twice         {twice:>8}\n")
    return 0 if linear >= LEAST_LINEAR and not twice else 1


def _rate(network: NullNetwork, prefixes: list[list[str]], posts: int) -> float:
    """Return posts per second of a worker on each host, from the first acceptance to the last."""
    from loa.ops import clock  # noqa: PLC0415

    workspace, channels = _ground.a_workspace_with_channels(
        channels=CHANNELS, base_url=network.base_url
    )
    before = len(network.accepted())
    count = len(prefixes)
    with workers(count, origin=network.base_url, senders=SENDERS, prefixes=prefixes):
        _ground.due_posts(workspace, channels, [clock.now()] * posts, mark=f"{count} workers")
        while len(network.accepted()) < before + posts:
            time.sleep(0.2)
    took = [at_s for _text, at_s in network.accepted()[before:]]
    return posts / (max(took) - min(took))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
