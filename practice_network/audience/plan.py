"""The whole future of one post, decided when it is accepted. Pure."""

import random
from array import array
from bisect import bisect_right
from dataclasses import dataclass

from practice_network.audience.chance import lognormal
from practice_network.audience.model import Totals
from practice_network.audience.timing import Curve

MINUTE_MS = 60_000
LIKE_AFTER_MINUTES = 1.0
CLICK_AFTER_MINUTES = 0.5
REPOST_AFTER_MINUTES = 3.0
FOLLOW_AFTER_MINUTES = 5.0
COMMENT_AFTER_MINUTES = 6.0
COMMENTS_MOST = 150

# Beyond this many, single arrivals cannot be told from the smooth curve.
_DRAWN_ONE_BY_ONE = 400


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When something happened, again and again.

    instants_ms: each one, in order; None when there are so many that the curve tells.
    """

    total: int
    curve: Curve
    instants_ms: "array[int] | None"

    def count_at(self, instant_ms: int) -> int:
        """Return how often it had happened by `instant_ms`."""
        if self.instants_ms is None:
            return int(self.total * self.curve.share_at(instant_ms))
        return bisect_right(self.instants_ms, instant_ms)


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen to one post, and when."""

    curve: Curve
    totals: Totals
    likes: Arrivals
    reposts: Arrivals
    link_clicks: Arrivals
    follows: "array[int]"
    comments: "array[int]"

    def reach_at(self, instant_ms: int) -> int:
        """Return how many people had seen the post; who reacted has certainly seen it."""
        seen = round(self.totals.reach * self.curve.share_at(instant_ms))
        return max(seen, self.likes.count_at(instant_ms), bisect_right(self.comments, instant_ms))

    def impressions_at(self, instant_ms: int) -> int:
        """Return how often the post had been shown."""
        shown = round(self.totals.impressions * self.curve.share_at(instant_ms))
        return max(shown, self.reach_at(instant_ms))


def make_plan(totals: Totals, curve: Curve, chance: random.Random) -> Plan:
    """Draw the instants of everything that `totals` counts."""
    return Plan(
        curve=curve,
        totals=totals,
        likes=_arrivals(totals.likes, LIKE_AFTER_MINUTES, curve, chance),
        reposts=_arrivals(totals.reposts, REPOST_AFTER_MINUTES, curve, chance),
        link_clicks=_arrivals(totals.link_clicks, CLICK_AFTER_MINUTES, curve, chance),
        follows=_instants(totals.follows, FOLLOW_AFTER_MINUTES, curve, chance),
        comments=_instants(
            min(totals.comments, COMMENTS_MOST), COMMENT_AFTER_MINUTES, curve, chance
        ),
    )


def _arrivals(total: int, after_minutes: float, curve: Curve, chance: random.Random) -> Arrivals:
    if total > _DRAWN_ONE_BY_ONE:
        return Arrivals(total, curve, None)
    return Arrivals(total, curve, _instants(total, after_minutes, curve, chance))


def _instants(
    total: int, after_minutes: float, curve: Curve, chance: random.Random
) -> "array[int]":
    """Draw `total` instants: when the post was seen, and how long the hand took after."""
    return array(
        "q",
        sorted(
            curve.draw(chance) + 1 + int(after_minutes * MINUTE_MS * lognormal(chance, 0.9))
            for _ in range(total)
        ),
    )
