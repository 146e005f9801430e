"""Commit markers and results for all sender threads: what waits together is committed together.

A sender asks for a marker and waits until it is durable; then it sends; then it hands in how
that ended and waits again. Meanwhile others do the same, and one transaction serves them all.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from loa.ops import clock, fence
from loa.ops.listening import AWAY, next_pause
from loa.publish.dispatcher.changes import ask_standings, read_standings
from loa.publish.dispatcher.markers import Answer, Mark, ask_marks, write_marks
from loa.publish.dispatcher.pace import Checkpoint, Pace, no_checkpoint
from loa.publish.dispatcher.results import Results, judge, write_results
from loa.publish.dispatcher.session import Session
from loa.publish.dispatcher.work import Ended

MOST_AT_ONCE = 200
ASK_AGAIN_S = 0.01
ASK_FOR_S = 5.0
PAUSE_S = 0.1

_RENEW = """
UPDATE publish_delivery SET lease_until = %(lease)s
WHERE worker = %(worker)s AND state = 'claimed' AND id = ANY(%(ids)s)
"""
_log = logging.getLogger(__name__)


class NotMarked(Exception):
    """The part may not be sent. gone: the delivery is no longer ours; else it is to be let go."""

    def __init__(self, *, gone: bool) -> None:
        super().__init__("gone" if gone else "closed")
        self.gone = gone


class _Word:
    """What one thread waits to hear and another gives, once. A bare lock is the cheapest way."""

    __slots__ = ("_given", "_refusal", "is_given")

    def __init__(self) -> None:
        self._given = threading.Lock()
        self._given.acquire()
        self._refusal: NotMarked | None = None
        self.is_given = False

    def give(self, refusal: NotMarked | None = None) -> None:
        """Let the waiting thread go on, or raise `refusal` there."""
        self._refusal = refusal
        self.is_given = True
        self._given.release()

    def wait(self) -> None:
        """Return once the word is given; raises the refusal that was given."""
        with self._given:
            if self._refusal is not None:
                raise self._refusal


@dataclass(slots=True)
class _Asked:
    """A marker somebody waits for. until: monotonic seconds, the end of asking again."""

    mark: Mark
    until: float
    marked: _Word = field(default_factory=_Word)


@dataclass(slots=True)
class _HandedIn:
    """A result somebody may wait to see durable."""

    ended: Ended
    kept: _Word = field(default_factory=_Word)


class Recorder:
    """Writes for one worker, on the session that holds its lock."""

    def __init__(
        self,
        pace: Pace,
        *,
        checkpoint: Checkpoint = no_checkpoint,
        on_due: Callable[[], None] = lambda: None,
    ) -> None:
        self._pace = pace
        self._checkpoint = checkpoint
        self._on_due = on_due
        self._session = Session()
        self._changed = threading.Condition()
        self._asked: deque[_Asked] = deque()
        self._handed_in: deque[_HandedIn] = deque()
        self._held: set[int] = set()
        self._renewed_at = clock.monotonic_s()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._doubted = False

    # --- for the dispatcher ---------------------------------------------------------------

    @property
    def worker(self) -> int:
        """The name under which this worker holds what it claims; 0 before there is one."""
        return self._session.worker

    def start(self) -> None:
        """Write in a thread of its own from now on. Returns once the lock is held."""
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="publish recorder", daemon=True
        )
        self._thread.start()
        ready.wait(10)

    def stop(self, *, within_s: float) -> None:
        """Write what was handed in, give the lock back, end the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(within_s)
        else:
            self._session.release()

    def hold_here(self) -> int:
        """Work without a thread: take the lock on the caller's connection."""
        return self._session.hold()

    def keep_leases(self, delivery_ids: Iterable[int]) -> None:
        """Renew the leases of these claims until their end is recorded."""
        with self._changed:
            self._held.update(delivery_ids)

    def doubt(self) -> None:
        """See now whether the session still stands: its lock could be had by somebody else."""
        with self._changed:
            self._doubted = True
            self._changed.notify()

    def in_hand(self) -> set[int]:
        """Return what this worker holds."""
        with self._changed:
            return set(self._held)

    def forget(self, delivery_id: int) -> None:
        """Stop renewing a claim that this worker dropped."""
        with self._changed:
            self._held.discard(delivery_id)

    # --- for the senders ------------------------------------------------------------------

    def mark(self, mark: Mark) -> None:
        """Return once `sending` is durable; raises NotMarked when it must not be sent."""
        asked = _Asked(mark, clock.monotonic_s() + ASK_FOR_S)
        self._submit(asked, self._asked)
        asked.marked.wait()

    def record(self, ended: Ended, *, wait: bool = True) -> None:
        """Return once the end of a step is durable; at once when nobody waits for that."""
        handed_in = _HandedIn(ended)
        self._submit(handed_in, self._handed_in)
        if wait:
            handed_in.kept.wait()

    # --- the thread -----------------------------------------------------------------------

    def _submit[T](self, one: T, waiting: deque[T]) -> None:
        with self._changed:
            waiting.append(one)
            self._changed.notify()
        if self._thread is None:
            while self._asked or self._handed_in:
                self._write(*self._next())

    def _run(self, ready: threading.Event) -> None:
        pause_s = PAUSE_S
        while True:
            asked, handed_in = self._wait()
            try:
                self._session.hold()
                ready.set()
                if self._doubted:
                    self._doubted = False
                    self._session.look()
                if not asked and not handed_in and self._stopping:
                    self._session.release()
                    break
                self._write(asked, handed_in)
                self._renew()
                pause_s = PAUSE_S
            except AWAY as error:
                _log.warning("the database is out of reach for the recorder: %s", error)
                self._session.drop()
                self._put_back(asked, handed_in)
                time.sleep(pause_s)
                pause_s = next_pause(pause_s)
        connection.close()

    def _wait(self) -> tuple[list[_Asked], list[_HandedIn]]:
        """Return what waits, at the latest when leases are to be renewed."""
        if self._session.worker:
            with self._changed:
                if not (self._asked or self._handed_in or self._stopping or self._doubted):
                    left_s = self._renewed_at + self._pace.renew_s - clock.monotonic_s()
                    self._changed.wait(max(0.0, left_s))
        return self._next()

    def _next(self) -> tuple[list[_Asked], list[_HandedIn]]:
        with self._changed:
            asked = [self._asked.popleft() for _ in range(min(len(self._asked), MOST_AT_ONCE))]
            handed_in = [
                self._handed_in.popleft() for _ in range(min(len(self._handed_in), MOST_AT_ONCE))
            ]
        return asked, handed_in

    def _write(self, asked: list[_Asked], handed_in: list[_HandedIn]) -> None:
        """Commit results and markers together. What fails alone fails alone."""
        if not asked and not handed_in:
            return
        worker = self._session.hold()
        try:
            answers = self._commit(worker, asked, handed_in)
        except AWAY as error:
            if self._session.is_broken:
                raise
            self._one_by_one(asked, handed_in, error)
            return
        except Exception as error:  # noqa: BLE001 - one poisoned entry must not harm the others
            self._one_by_one(asked, handed_in, error)
            return
        for result in handed_in:
            self._forget_unless_held(result.ended)
            result.kept.give()
        self._answer(asked, answers)

    def _one_by_one(
        self, asked: list[_Asked], handed_in: list[_HandedIn], error: Exception
    ) -> None:
        """Commit each by itself, so that the poisoned entry among them harms no other."""
        if len(asked) + len(handed_in) == 1:
            self._give_up(asked, handed_in, error)
            return
        for one in asked:
            self._write([one], [])
        for result in handed_in:
            self._write([], [result])

    def _commit(
        self, worker: int, asked: list[_Asked], handed_in: list[_HandedIn]
    ) -> dict[int, Answer]:
        now, pace = clock.now(), self._pace
        marks = [one.mark for one in asked]
        ended = [one.ended for one in handed_in]
        answers: dict[int, Answer] = {}
        results = Results()
        with self._session.transaction() as open_cursor:
            standing, may_send = open_cursor(), open_cursor()
            if ended:
                ask_standings(standing, [one.work.delivery_id for one in ended])
            if marks:
                ask_marks(may_send, marks, worker=worker, now=now)
            if ended:
                results = judge(ended, read_standings(standing), now=now, pace=pace)
                write_results(open_cursor, results, now=now)
            if marks:
                ids = {row[0] for row in may_send.fetchall()}
                answers = write_marks(open_cursor, marks, ids, worker=worker, now=now, pace=pace)
            self._checkpoint("mark.written" if asked else "result.written")
        self._checkpoint("mark.committed" if asked else "result.committed")
        if results.makes_due:
            self._on_due()
        return answers

    def _answer(self, asked: list[_Asked], answers: dict[int, Answer]) -> None:
        again = []
        for one in asked:
            answer = answers[one.mark.work.delivery_id]
            if answer is Answer.MARKED:
                one.marked.give()
            elif answer is Answer.LOCKED and clock.monotonic_s() < one.until:
                again.append(one)
            else:
                one.marked.give(NotMarked(gone=answer is Answer.GONE))
        if again:
            time.sleep(ASK_AGAIN_S)
            with self._changed:
                self._asked.extend(again)

    def _forget_unless_held(self, ended: Ended) -> None:
        """Stop renewing a claim whose step ended, unless more parts of it follow."""
        if ended.published is None or not ended.more:
            self.forget(ended.work.delivery_id)

    def _give_up(self, asked: list[_Asked], handed_in: list[_HandedIn], error: Exception) -> None:
        """Let one poisoned entry go without harming others; its row is left for the sweeper."""
        _log.error("one delivery cannot be recorded", exc_info=error)
        for one in asked:
            one.marked.give(NotMarked(gone=True))
        for result in handed_in:
            self.forget(result.ended.work.delivery_id)
            result.kept.give()

    def _put_back(self, asked: list[_Asked], handed_in: list[_HandedIn]) -> None:
        """After a failure: results are written later, markers are refused.

        A marker may have been committed although we never heard of it. Nothing is sent on it;
        its row is found by the sweeper, under the name that this session had.
        """
        with self._changed:
            unwritten = [one for one in reversed(handed_in) if not one.kept.is_given]
            self._handed_in.extendleft(unwritten)
        for one in asked:
            if not one.marked.is_given:
                one.marked.give(NotMarked(gone=True))

    def _renew(self) -> None:
        if clock.monotonic_s() - self._renewed_at < self._pace.renew_s:
            return
        self._renewed_at = clock.monotonic_s()
        with self._changed:
            held = list(self._held)
        if held:
            lease = clock.now() + timedelta(seconds=self._pace.lease_s)
            with (
                fence.everywhere("renew the leases of what this worker holds"),
                connection.cursor() as cursor,
            ):
                cursor.execute(
                    _RENEW, {"lease": lease, "worker": self._session.worker, "ids": held}
                )
