"""Memory of one worker over 100,000 deliveries: it must not grow with what was sent."""

import argparse
import sys
import time
from collections.abc import Sequence

from benchmarks import _ground
from benchmarks._null_network import null_network
from benchmarks._workers import memory_bytes, workers

ROUND = 5_000
CHANNELS = 50
SENDERS = 24
WARM_ROUNDS = 2
MOST_GROWTH_MB = 20.0
MB = 1_000_000


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when memory grew by more than it may."""
    parser = argparse.ArgumentParser(prog="loa bench long_run", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=100_000)
    options = parser.parse_args(argv)
    held: list[float] = []
    with _ground.fresh_database(), null_network() as network:
        from loa.ops import clock  # noqa: PLC0415

        workspace, channels = _ground.a_workspace_with_channels(
            channels=CHANNELS, base_url=network.base_url
        )
        with workers(1, origin=network.base_url, senders=SENDERS) as [worker]:
            for number in range(options.deliveries // ROUND):
                due_at = [clock.now()] * ROUND
                _ground.due_posts(workspace, channels, due_at, mark=f"round {number}")
                while len(network.accepted()) < (number + 1) * ROUND:
                    time.sleep(0.5)
                held.append(memory_bytes(worker) / MB)
                sys.stdout.write(f"{(number + 1) * ROUND:>8} sent {held[-1]:>8.1f} MB\n")
                sys.stdout.flush()
    growth = max(held[WARM_ROUNDS:]) - held[min(WARM_ROUNDS, len(held) - 1)]
    sys.stdout.write(f"growth after warming up {growth:>6.1f} MB, at most {MOST_GROWTH_MB:.0f}\n")
    return 0 if growth <= MOST_GROWTH_MB else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
