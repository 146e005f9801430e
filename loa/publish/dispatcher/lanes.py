"""What this worker holds, by channel, and the threads that work it off, fairly."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from loa.connectors.registry import all_connectors
from loa.publish.dispatcher.work import Work
from loa.publish.rules.fairness import Busy, Held, Waiting, next_channel


@dataclass(slots=True)
class _Lane:
    """One channel's work, in order. most: as many at once as the platform bears.

    place: the lane as fairness sees it, kept up to date.
    """

    place: Waiting
    most: int
    waiting: deque[Work] = field(default_factory=deque)
    running: int = 0


class Lanes:
    """Work waiting for a sender. Threads take from it; nobody waits behind somebody's bulk."""

    def __init__(self, *, senders: int) -> None:
        self._senders = senders
        self._lanes: dict[int, _Lane] = {}
        self._changed = threading.Condition()
        self._turn = 0
        self._waiting = 0
        self._in_use = 0
        self._by_workspace: Counter[int] = Counter()
        self._by_origin: Counter[str] = Counter()
        self._closed = False

    def add(self, works: Iterable[Work]) -> None:
        """Put work into the lanes; urgent work goes ahead of what waits in its lane."""
        with self._changed:
            before = self._waiting
            for work in works:
                lane = self._lanes.get(work.channel_id)
                if lane is None:
                    lane = self._lanes[work.channel_id] = self._new_lane(work)
                if work.urgent:
                    lane.waiting.appendleft(work)
                else:
                    lane.waiting.append(work)
                lane.place.urgent = lane.waiting[0].urgent
                self._waiting += 1
            self._changed.notify(self._waiting - before)

    def take(self, *, after: Work | None = None, before_waiting: Callable[[], None]) -> Work | None:
        """Return the next work, waiting for it; None when the lanes are closed.

        after: the work with which this sender is done.
        before_waiting: called when there is nothing to do at once.
        """
        idle = False
        while True:
            with self._changed:
                if after is not None:
                    self._done(after)
                if self._closed:
                    return None
                work = self._next()
                if work is not None:
                    # A sender that takes where it gave makes room for nobody: what waited before
                    # for want of senders waits on. Only another platform's room is news.
                    if after is not None and after.origin != work.origin:
                        self._changed.notify()
                    return work
                after = None
                if idle:
                    self._changed.wait(1.0)
            if not idle:
                before_waiting()
                idle = True

    def waiting(self) -> int:
        """Return how much waits for a sender."""
        return self._waiting

    def held(self, *, depth: int) -> Held:
        """Return what is in hand. depth: so much of a channel may be, and half of it is enough."""
        with self._changed:
            lanes = list(self._lanes.items())
            waiting: Counter[str] = Counter()
            for _, lane in lanes:
                waiting[lane.place.origin] += len(lane.waiting)
            return Held(
                channels={pk: lane.place.origin for pk, lane in lanes},
                full=frozenset(pk for pk, lane in lanes if len(lane.waiting) * 2 > depth),
                waiting=waiting,
            )

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
            self._waiting = 0
            self._changed.notify_all()
            return left

    def _new_lane(self, work: Work) -> _Lane:
        connector = all_connectors().get(work.platform)
        most = connector.max_concurrent_per_channel if connector else 1
        self._turn += 1
        place = Waiting(
            work.channel_id, work.workspace_id, work.origin, urgent=False, since=self._turn
        )
        return _Lane(place, max(1, most))

    def _done(self, work: Work) -> None:
        lane = self._lanes[work.channel_id]
        lane.running -= 1
        self._in_use -= 1
        self._by_workspace[work.workspace_id] -= 1
        self._by_origin[work.origin] -= 1
        if not lane.waiting and not lane.running:
            del self._lanes[work.channel_id]

    def _next(self) -> Work | None:
        places = [
            lane.place for lane in self._lanes.values() if lane.waiting and lane.running < lane.most
        ]
        if not places:
            return None
        busy = Busy(self._senders, self._in_use, self._by_workspace, self._by_origin)
        chosen = next_channel(places, busy)
        if chosen is None:
            return None
        lane = self._lanes[chosen]
        work = lane.waiting.popleft()
        self._turn += 1
        lane.place.since = self._turn
        lane.place.urgent = bool(lane.waiting) and lane.waiting[0].urgent
        lane.running += 1
        self._waiting -= 1
        self._in_use += 1
        self._by_workspace[work.workspace_id] += 1
        self._by_origin[work.origin] += 1
        return work
