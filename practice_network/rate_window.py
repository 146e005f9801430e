"""How many requests an account may make in a window of real time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from practice_network.limits import LIMITS


@dataclass(slots=True)
class _Window:
    began_s: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of an account's window."""

    limit: int
    remaining: int
    resets_in_s: int
    is_exceeded: bool

    def headers(self) -> dict[str, str]:
        """Return the headers every answer to an account carries."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.resets_in_s),
        }


class RateWindows:
    """Count requests per account. Real time, because the network's own may stand still."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._windows: dict[str, _Window] = {}

    def use(self, handle: str, *, limit: int) -> Allowance:
        """Count one request of `handle` and return what is left."""
        now_s = self._monotonic_s()
        window = self._windows.get(handle)
        if window is None or now_s - window.began_s >= LIMITS.rate_window_s:
            window = self._windows[handle] = _Window(now_s)
        is_exceeded = window.used >= limit
        if not is_exceeded:
            window.used += 1
        resets_in_s = int(LIMITS.rate_window_s - (now_s - window.began_s)) + 1
        return Allowance(limit, limit - window.used, resets_in_s, is_exceeded)
