"""When people see a post: the decay of its freshness times who is awake and looking. Pure."""

import random
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import exp
from zoneinfo import ZoneInfo

HOUR_MS = 3_600_000
HOURS_OF_A_WEEK = 168

# Two ways of meeting a post: the feed soon after it went out, and later by search or a visit.
FAST_SHARE = 0.75
FAST_HOURS = 2.5
SLOW_HOURS = 22.0

_FINE_CELLS = 96
_FINE_HOURS = 0.5
_COARSE_CELLS = 48
_COARSE_HOURS = 6.0


def _edges() -> tuple[float, ...]:
    fine = [cell * _FINE_HOURS for cell in range(_FINE_CELLS + 1)]
    return (*fine, *(fine[-1] + (cell + 1) * _COARSE_HOURS for cell in range(_COARSE_CELLS)))


EDGES_H = _edges()
LIFETIME_H = EDGES_H[-1]


def _fresh(age_h: float) -> float:
    """Return the share of all views that come before `age_h` when everybody always looks."""
    fast, slow = 1 - exp(-age_h / FAST_HOURS), 1 - exp(-age_h / SLOW_HOURS)
    return FAST_SHARE * fast + (1 - FAST_SHARE) * slow


_DECAY = tuple(_fresh(late) - _fresh(early) for early, late in pairwise(EDGES_H))


@dataclass(frozen=True, slots=True)
class Curve:
    """How the views of one post arrive.

    strength: all views beside those of a post that meets an average hour for ever (about 1).
    shares: the share of views that came before each edge of EDGES_H, from 0 to 1.
    """

    began_ms: int
    strength: float
    shares: "array[float]"

    def share_at(self, instant_ms: int) -> float:
        """Return which share of all views has happened, from 0 to 1."""
        age_h = (instant_ms - self.began_ms) / HOUR_MS
        if age_h <= 0:
            return 0.0
        if age_h >= LIFETIME_H:
            return 1.0
        cell = bisect_right(EDGES_H, age_h) - 1
        early, late = EDGES_H[cell], EDGES_H[cell + 1]
        within = (age_h - early) / (late - early)
        return self.shares[cell] + within * (self.shares[cell + 1] - self.shares[cell])

    def instant_at(self, share: float) -> int:
        """Return when `share` of all views has happened."""
        cell = max(bisect_left(self.shares, share) - 1, 0)
        low, high = self.shares[cell], self.shares[cell + 1]
        within = (share - low) / (high - low) if high > low else 0.0
        age_h = EDGES_H[cell] + within * (EDGES_H[cell + 1] - EDGES_H[cell])
        return self.began_ms + int(age_h * HOUR_MS)

    def draw(self, chance: random.Random) -> int:
        """Return the instant of one view."""
        return self.instant_at(chance.random())


def viewing(began_ms: int, activity: tuple[float, ...], zone: ZoneInfo) -> Curve:
    """Return how views arrive of something shown at `began_ms` to people in `zone`.

    The zone's offset at that moment holds for the whole curve; a clock change within the two
    weeks is not worth the cost.
    """
    start = datetime.fromtimestamp(began_ms / 1000, zone)
    start_h = start.weekday() * 24 + start.hour + start.minute / 60
    shares = array("d", [0.0])
    total = 0.0
    for early, decay in zip(EDGES_H, _DECAY, strict=False):
        total += decay * activity[int(start_h + early) % HOURS_OF_A_WEEK]
        shares.append(total)
    strength = total / _fresh(LIFETIME_H)
    return Curve(began_ms, strength, array("d", [share / total for share in shares]))
