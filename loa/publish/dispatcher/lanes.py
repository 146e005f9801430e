"""What this worker holds, by channel, and the threads that work it off, fairly."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from loa.connectors.registry import all_connectors
from loa.publish.dispatcher.work import Work
from loa.publish.rules.fairness import Busy, Waiting, next_channel


@dataclass(slots=True)
class _Lane:
    """One channel's work, in order. most: as many at once as the platform bears."""

    workspace_id: int
    origin: str
    most: int
    since: int
    waiting: deque[Work] = field(default_factory=deque)
    running: int = 0


class Lanes:
    """Work waiting for a sender. Threads take from it; nobody waits behind somebody's bulk."""

    def __init__(self, *, senders: int) -> None:
        self._senders = senders
        self._lanes: dict[int, _Lane] = {}
        self._changed = threading.Condition()
        self._turn = 0
        self._in_use = 0
        self._by_workspace: Counter[int] = Counter()
        self._by_origin: Counter[str] = Counter()
        self._closed = False

    def add(self, works: Iterable[Work]) -> None:
        """Put work into the lanes; urgent work goes ahead of what waits in its lane."""
        with self._changed:
            for work in works:
                lane = self._lanes.get(work.channel_id)
                if lane is None:
                    lane = self._lanes[work.channel_id] = self._new_lane(work)
                if work.urgent:
                    lane.waiting.appendleft(work)
                else:
                    lane.waiting.append(work)
            self._changed.notify_all()

    def take(self, *, before_waiting: Callable[[], None]) -> Work | None:
        """Return the next work, waiting for it; None when the lanes are closed.

        before_waiting: called when there is nothing to do at once.
        """
        idle = False
        while True:
            with self._changed:
                if self._closed:
                    return None
                work = self._next()
                if work is not None:
                    return work
                if idle:
                    self._changed.wait(1.0)
            if not idle:
                before_waiting()
                idle = True

    def done(self, work: Work) -> None:
        """Note that `work` left its sender."""
        with self._changed:
            lane = self._lanes[work.channel_id]
            lane.running -= 1
            self._in_use -= 1
            self._by_workspace[work.workspace_id] -= 1
            self._by_origin[work.origin] -= 1
            if not lane.waiting and not lane.running:
                del self._lanes[work.channel_id]
            self._changed.notify()

    def waiting(self) -> int:
        """Return how much waits for a sender."""
        with self._changed:
            return sum(len(lane.waiting) for lane in self._lanes.values())

    def channels(self) -> list[int]:
        """Return the channels that are worked here."""
        with self._changed:
            return list(self._lanes)

    def full(self, *, depth: int) -> list[int]:
        """Return the channels of which enough is held."""
        with self._changed:
            return [pk for pk, lane in self._lanes.items() if len(lane.waiting) * 2 > depth]

    def is_empty(self) -> bool:
        """Say whether nothing waits and nothing is under way."""
        with self._changed:
            return not self._lanes

    def close(self) -> list[Work]:
        """Let the threads end, and return what they did not begin."""
        with self._changed:
            self._closed = True
            left = [work for lane in self._lanes.values() for work in lane.waiting]
            for lane in self._lanes.values():
                lane.waiting.clear()
            self._changed.notify_all()
            return left

    def _new_lane(self, work: Work) -> _Lane:
        connector = all_connectors().get(work.platform)
        most = connector.max_concurrent_per_channel if connector else 1
        self._turn += 1
        return _Lane(work.workspace_id, work.origin, max(1, most), self._turn)

    def _next(self) -> Work | None:
        waiting = [
            Waiting(pk, lane.workspace_id, lane.origin, lane.waiting[0].urgent, lane.since)
            for pk, lane in self._lanes.items()
            if lane.waiting and lane.running < lane.most
        ]
        if not waiting:
            return None
        busy = Busy(self._senders, self._in_use, self._by_workspace, self._by_origin)
        chosen = next_channel(waiting, busy)
        if chosen is None:
            return None
        lane = self._lanes[chosen]
        self._turn += 1
        lane.since = self._turn
        lane.running += 1
        self._in_use += 1
        self._by_workspace[lane.workspace_id] += 1
        self._by_origin[lane.origin] += 1
        return lane.waiting.popleft()
