"""The network's own time: it can be set, sped up, stopped and moved forward."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

_REAL_ANCHOR_MS = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """A straight line from real time to network time, both in ms since 1970.

    network = network_anchor_ms + (real - real_anchor_ms) * speed. Speed 0 stands still.
    """

    network_anchor_ms: int = _REAL_ANCHOR_MS
    real_anchor_ms: int = _REAL_ANCHOR_MS
    speed: float = 1.0

    @property
    def is_real(self) -> bool:
        """Say whether network time is simply real time."""
        return self == Pace()


def _real_ms() -> int:
    return time.time_ns() // 1_000_000


class NetworkClock:
    """Tell and change the network's time."""

    def __init__(self, pace: Pace | None = None, real_ms: Callable[[], int] = _real_ms) -> None:
        self.pace = pace or Pace()
        self.real_ms = real_ms

    def now_ms(self) -> int:
        """Return the network's present in ms since 1970 (UTC)."""
        pace = self.pace
        if pace.speed == 1.0:
            return pace.network_anchor_ms + self.real_ms() - pace.real_anchor_ms
        elapsed = (self.real_ms() - pace.real_anchor_ms) * pace.speed
        return pace.network_anchor_ms + int(elapsed)

    def move_to(self, instant_ms: int, *, speed: float | None = None) -> None:
        """Continue from `instant_ms`, at the present speed unless another is given."""
        kept = self.pace.speed if speed is None else speed
        self.pace = Pace(instant_ms, self.real_ms(), kept)

    def follow_real_time(self) -> None:
        """Live in the present again."""
        self.pace = Pace()


def to_text(instant_ms: int) -> str:
    """Return an instant as ISO 8601 in UTC with milliseconds: 2026-11-22T03:00:00.000Z."""
    moment = datetime.fromtimestamp(instant_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant_ms % 1000:03d}Z"


def from_text(text: str) -> int:
    """Return the instant that an ISO 8601 text with an offset names; ValueError otherwise."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its offset, as in 2026-11-22T10:00:00+07:00")
    return round(moment.timestamp() * 1000)
