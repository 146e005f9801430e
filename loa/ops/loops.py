"""Run the loops: each in a thread of its own, woken by what it waits for."""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from django.db import close_old_connections, connections

from loa.ops import clock, listening
from loa.ops.jobs import Loop

SAFETY_TICK_S = 30.0  # a lost notification delays work by no more than this
SHORTEST_PAUSE_S = 0.01
LONGEST_PAUSE_AFTER_FAILURE_S = 30.0
FIRST_PAUSE_AWAY_S = 0.1
_log = logging.getLogger(__name__)


class Runner:
    """All loops of this process, and the one connection that hears them called.

    stop: set it to end them; then `join`.
    """

    def __init__(self, loops: Collection[Loop], *, stop: threading.Event) -> None:
        self._loops = list(loops)
        self._stop = stop
        self._calls = {loop.name: threading.Event() for loop in self._loops}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start one thread per loop, and one that listens for all of them."""
        for loop in self._loops:
            self._spawn(f"loop {loop.name}", partial(self._turn, loop))
        if self._loops:
            self._spawn("listen for loops", self._listen)

    def join(self, *, within_s: float) -> list[str]:
        """Wait for the threads to end; return the names of those that did not."""
        for call in self._calls.values():
            call.set()
        end = clock.monotonic_s() + within_s
        for thread in self._threads:
            thread.join(max(0.0, end - clock.monotonic_s()))
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        channels = {loop.wakes_on for loop in self._loops}
        listening.keep_listening(channels, heard=self._call, stop=self._stop)

    def _call(self, channel: str) -> None:
        for loop in self._loops:
            if loop.wakes_on == channel:
                self._calls[loop.name].set()

    def _turn(self, loop: Loop) -> None:
        """Run one loop until asked to stop. A failure is logged and tried again, more slowly."""
        failures, away_s = 0, FIRST_PAUSE_AWAY_S
        call = self._calls[loop.name]
        while not self._stop.is_set():
            call.clear()
            try:
                close_old_connections()
                wait_s = _seconds_until(loop.run())
                failures, away_s = 0, FIRST_PAUSE_AWAY_S
            except listening.AWAY as error:
                _log.warning("the database is out of reach for loop %s: %s", loop.name, error)
                away_s = listening.next_pause(away_s)
                call.wait(away_s)
                continue
            except Exception:  # noqa: BLE001 - whatever it is, the next round may go better
                failures += 1
                wait_s = min(2.0**failures / 4, LONGEST_PAUSE_AFTER_FAILURE_S)
                _log.exception("loop %s failed; next try in %.1f s", loop.name, wait_s)
                if self._stop.wait(wait_s):
                    break
                continue
            call.wait(wait_s)
        connections.close_all()


def _seconds_until(instant: datetime | None) -> float:
    if instant is None:
        return SAFETY_TICK_S
    wait_s = (instant - clock.now()).total_seconds()
    return min(max(wait_s, SHORTEST_PAUSE_S), SAFETY_TICK_S)
