"""How long this process took for what, counted into buckets. Plain numbers, always on.

A monitor reads them through /metrics; nothing else keeps or sends them.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Timing:
    """Counts by upper bound, the last one without; and the sum of all seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    sum_s: float = 0.0


_lock = threading.Lock()
_timings: dict[tuple[str, tuple[str, ...]], Timing] = {}


def observe(name: str, labels: tuple[str, ...], took_s: float) -> None:
    """Count one thing that took so long. labels: few and known words, never what a person gave."""
    place = next((n for n, bound in enumerate(BUCKETS_S) if took_s <= bound), len(BUCKETS_S))
    with _lock:
        timing = _timings.setdefault((name, labels), Timing())
        timing.counts[place] += 1
        timing.sum_s += took_s


def observed(name: str) -> Mapping[tuple[str, ...], Timing]:
    """Return what was counted under `name` so far, by labels."""
    with _lock:
        return {
            labels: Timing(list(one.counts), one.sum_s)
            for (kept, labels), one in _timings.items()
            if kept == name
        }
