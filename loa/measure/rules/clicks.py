"""Adding clicks up in memory, bounded however many come. No clock, no database.

Kept of a person, until the end of the day and in this process alone: a number made from the
address and the browser's name under a salt that exists nowhere else. It only tells whether the
same browser came again to the same link on the same day.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b

# Link-days held between two writes, and browsers told apart. Past that, clicks still count.
MOST_DAYS = 20_000
MOST_VISITORS = 200_000
SALT_BYTES = 16
MARK_BYTES = 8


@dataclass(slots=True)
class Count:
    """What one link gathered on one local day since the last write.

    is_partial: some browsers could not be told apart, so there were more visitors.
    """

    workspace_id: int
    link_id: int
    clicked_on: date
    clicks: int = 0
    visitors: int = 0
    robots: int = 0
    is_partial: bool = False


@dataclass
class Book:
    """The counts of one process. Callers hold a lock."""

    most_days: int = MOST_DAYS
    most_visitors: int = MOST_VISITORS
    dropped: int = 0
    _counts: dict[tuple[int, date], Count] = field(default_factory=dict)
    _salts: dict[date, bytes] = field(default_factory=dict)
    _seen: dict[date, set[bytes]] = field(default_factory=dict)

    def add(self, link_id: int, *, workspace_id: int, on: date, visitor: str, robot: bool) -> None:
        """Count one request. visitor: what tells browsers apart; it is not kept."""
        count = self._count(link_id, workspace_id, on)
        if count is None:
            self.dropped += 1
            return
        if robot:
            count.robots += 1
            return
        count.clicks += 1
        new = self._is_new(link_id, on, visitor)
        count.visitors += new is True
        count.is_partial = count.is_partial or new is None

    def take(self) -> list[Count]:
        """Hand out what was counted, and begin anew; who was seen today stays known."""
        taken = sorted(self._counts.values(), key=lambda one: (one.link_id, one.clicked_on))
        self._counts = {}
        return taken

    def put_back(self, counts: Iterable[Count]) -> None:
        """Add up again what could not be written."""
        for one in counts:
            count = self._count(one.link_id, one.workspace_id, one.clicked_on)
            if count is None:
                self.dropped += one.clicks + one.robots
                continue
            count.clicks += one.clicks
            count.visitors += one.visitors
            count.robots += one.robots
            count.is_partial = count.is_partial or one.is_partial

    def _count(self, link_id: int, workspace_id: int, on: date) -> Count | None:
        found = self._counts.get((link_id, on))
        if found is None and len(self._counts) < self.most_days:
            found = self._counts[link_id, on] = Count(workspace_id, link_id, on)
        return found

    def _is_new(self, link_id: int, on: date, visitor: str) -> bool | None:
        """Say whether this browser is new to the link today; None when there is no room to know."""
        if on not in self._salts:
            self._forget_before(on - timedelta(days=2))
            self._salts[on], self._seen[on] = secrets.token_bytes(SALT_BYTES), set()
        seen = self._seen[on]
        words = f"{link_id} {visitor}".encode(errors="replace")
        mark = blake2b(words, digest_size=MARK_BYTES, key=self._salts[on]).digest()
        if mark in seen:
            return False
        if sum(map(len, self._seen.values())) >= self.most_visitors:
            return None
        seen.add(mark)
        return True

    def _forget_before(self, day: date) -> None:
        """Forget days that are over in every time zone."""
        for old in [one for one in self._salts if one < day]:
            del self._salts[old], self._seen[old]
