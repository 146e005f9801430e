"""One worker: a thread that claims, threads that send, a thread that records."""

import contextvars
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection

from loa.ops import clock, fence
from loa.ops.listening import AWAY, next_pause
from loa.publish.dispatcher.claims import claim_due
from loa.publish.dispatcher.doubts import claim_doubts
from loa.publish.dispatcher.lanes import Lanes
from loa.publish.dispatcher.pace import Checkpoint, Pace, no_checkpoint
from loa.publish.dispatcher.recorder import Recorder
from loa.publish.dispatcher.sending import Sender
from loa.publish.dispatcher.sweeping import is_dead, sweep
from loa.publish.dispatcher.work import Ended, Work
from loa.publish.rules import lateness

ASK_AGAIN_S = 0.05
SHORTEST_PAUSE_S = 0.005

_NEXT = """
SELECT least(
    (SELECT min(ready_at) FROM publish_delivery WHERE state = 'due' AND ready_at > %(now)s),
    (SELECT min(look_at) FROM publish_delivery WHERE state = 'uncertain'),
    (SELECT min(hold_until) FROM channels_channel WHERE hold_until > %(now)s),
    (SELECT min(bulk_from) FROM publish_channelturn WHERE bulk_from > %(now)s),
    (SELECT min(urgent_from) FROM publish_channelturn WHERE urgent_from > %(now)s)
)
"""
_log = logging.getLogger(__name__)


class Worker:
    """Sends what is due, until stopped. Any number of workers may run, anywhere."""

    def __init__(self, pace: Pace | None = None, *, checkpoint: Checkpoint = no_checkpoint) -> None:
        self._pace = pace or Pace()
        self._checkpoint = checkpoint
        self._called = threading.Event()
        self._recorder = Recorder(self._pace, checkpoint=checkpoint, on_due=self._called.set)
        self._sender = Sender(self._recorder, self._pace, checkpoint=checkpoint)
        self._lanes = Lanes(senders=self._pace.senders)
        self._stopping = threading.Event()
        self._ending = threading.Lock()
        self._hungry = False
        self._swept_at = float("-inf")
        self._clock_is_right = True
        self._threads: list[threading.Thread] = []

    # --- in threads -----------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work. Returns at once."""
        self._recorder.start()
        self._sender.give_connections_back()
        self._spawn("publish dispatcher", self._dispatch)
        for number in range(self._pace.senders):
            self._spawn(f"publish sender {number + 1}", self._work_off_lanes)

    def wake(self) -> None:
        """Look now whether something is due."""
        self._called.set()

    def stop(self, *, within_s: float = 8.0) -> bool:
        """Begin nothing more, end what is under way; return whether that was done in time."""
        end = clock.monotonic_s() + within_s
        self._stopping.set()
        self._called.set()
        with self._ending:
            self._threads[0].join(within_s / 2)  # it may be claiming; nothing comes after it
            self._let_go(self._lanes.close())
            for thread in self._threads:
                thread.join(max(0.0, end - clock.monotonic_s()))
            self._recorder.stop(within_s=max(0.5, end - clock.monotonic_s()))
        return not any(thread.is_alive() for thread in self._threads)

    # --- without threads ------------------------------------------------------------------

    def work_off(self) -> int:
        """Send and settle all that is due now, in this thread, and return how much it was.

        For the demo and for tests, which live in a time of their own. Do not start() it, too.
        """
        self._recorder.hold_here()
        count = 0
        try:
            while True:
                now = clock.now()
                sweep(now=now, worker=self._recorder.worker, in_hand=(), pace=self._pace)
                works = claim_doubts(now=now, pace=self._pace)
                works += claim_due(
                    now=now,
                    worker=self._recorder.worker,
                    pace=self._pace,
                    checkpoint=self._checkpoint,
                ).work
                if not works:
                    return count
                for work in works:
                    self._sender.work_on(work)
                    count += 1
                self._sender.told.write_down(now=now)
        finally:
            self._recorder.stop(within_s=0)

    # --- the threads ----------------------------------------------------------------------

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(run,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _dispatch(self) -> None:
        pause_s = 0.1
        while not self._stopping.is_set():
            self._called.clear()
            try:
                wait_s = self._turn()
                pause_s = 0.1
            except AWAY as error:
                _log.warning("the database is out of reach for the dispatcher: %s", error)
                connection.close()
                wait_s, pause_s = pause_s, next_pause(pause_s)
            except Exception:  # noqa: BLE001 - whatever it is, the next turn may go better
                _log.exception("the dispatcher stumbled")
                connection.close()
                wait_s, pause_s = pause_s, next_pause(pause_s)
            self._called.wait(wait_s)
        connection.close()

    def _turn(self) -> float:
        """Claim what is due, and return for how many seconds nothing more will be."""
        worker = self._recorder.worker
        if not worker:
            return ASK_AGAIN_S
        now = clock.now()
        sweep_in_s = self._sweep(now, worker)
        if not self._clock_is_right:
            return sweep_in_s
        self._sender.told.write_down(now=now)
        wait_s = self._claim(now, worker)
        self._lanes.add(claim_doubts(now=now, pace=self._pace))
        return min(sweep_in_s, self._until_next(now) if wait_s is None else wait_s)

    def _claim(self, now: datetime, worker: int) -> float | None:
        """Claim what is due; return for how long nothing more can be, None when that is unknown."""
        held = self._lanes.held(depth=self._pace.depth)
        taken = claim_due(
            now=now, worker=worker, pace=self._pace, held=held, checkpoint=self._checkpoint
        )
        try:
            self._sender.get_ready(taken.work)
        finally:
            self._recorder.keep_leases(work.delivery_id for work in taken.work)
            self._lanes.add(taken.work)
            self._hungry = taken.more or bool(held.full)
        if taken.passed_by:
            return ASK_AGAIN_S
        return 0.0 if taken.work and taken.more and not held.full else None

    def _sweep(self, now: datetime, worker: int) -> float:
        """Sweep when it is time, and return in how many seconds it is time again."""
        left_s = self._swept_at + self._pace.sweep_s - clock.monotonic_s()
        if left_s > 0:
            return left_s
        if is_dead(worker):
            self._recorder.doubt()
            return ASK_AGAIN_S
        self._compare_clocks()
        if self._clock_is_right:
            sweep(now=now, worker=worker, in_hand=self._recorder.in_hand(), pace=self._pace)
        self._swept_at = clock.monotonic_s()
        return self._pace.sweep_s

    def _compare_clocks(self) -> None:
        """Stand back while our clock is wrong: the database's is the one all workers share."""
        with connection.cursor() as cursor:
            cursor.execute(clock.ASK_DATABASE)
            row = cursor.fetchone()
        there = datetime.fromtimestamp(row[0], UTC) if row else clock.now()
        skew = clock.now() - there
        was_right, self._clock_is_right = self._clock_is_right, not lateness.is_clock_wrong(skew)
        if was_right and not self._clock_is_right:
            _log.error(
                "this machine's clock is %+.0f s off the database's: nothing is sent from here"
                " until it is right",
                skew.total_seconds(),
            )

    def _until_next(self, now: datetime) -> float:
        with fence.everywhere("see when the next delivery is due"), connection.cursor() as cursor:
            cursor.execute(_NEXT, {"now": now})
            row = cursor.fetchone()
        if row is None or row[0] is None:
            return self._pace.sweep_s
        wait: timedelta = row[0] - clock.now()
        return max(SHORTEST_PAUSE_S, wait.total_seconds())

    def _work_off_lanes(self) -> None:
        work: Work | None = None
        while (
            work := self._lanes.take(after=work, before_waiting=self._before_waiting)
        ) is not None:
            self._sender.work_on(work)
            if self._hungry and self._lanes.waiting() <= self._pace.low:
                self._hungry = False
                self._called.set()

    def _before_waiting(self) -> None:
        """Ask for more when a sender has nothing to do and there is more."""
        if self._hungry:
            self._hungry = False
            self._called.set()

    def _let_go(self, left: list[Work]) -> None:
        """Give back what was claimed and not begun, so that another worker need not wait."""
        for work in left:
            if not work.is_doubt:
                ended = Ended(work, work.next_part(), "publish", clock.now(), let_go=True)
                self._recorder.record(ended, wait=False)
