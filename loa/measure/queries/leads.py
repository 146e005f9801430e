"""Where codes lead, read once and remembered for a little while by this process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from loa.content.models import Link, LinkRule
from loa.ops import clock, fence

# A link never changes where it leads; it can only be made, or go with its workspace.
KNOWN_FOR_S = 60.0
UNKNOWN_FOR_S = 5.0
HOSTS_FOR_S = 15.0
MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Lead:
    """Where one code leads, and whose day a click belongs to."""

    link_id: int
    workspace_id: int
    target: str
    zone: ZoneInfo


class Remembered[K, V]:
    """A bounded memory of answers, each for some seconds. Threads may share it."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._kept: dict[K, tuple[float, V]] = {}
        self._lock = threading.Lock()

    def get(self, key: K, ask: Callable[[K], tuple[V, float]]) -> V:
        """Return the answer to `key`; `ask` gives it with the seconds for which it holds."""
        now = clock.monotonic_s()
        kept = self._kept.get(key)
        if kept is not None and kept[0] > now:
            return kept[1]
        value, for_s = ask(key)
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (now + for_s, value)
        return value

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


_leads: Remembered[str, Lead | None] = Remembered()
_hosts: Remembered[str, dict[str, int]] = Remembered(most=1)


def lead_of(code: str) -> Lead | None:
    """Return where `code` leads; None when there is no such link."""
    return _leads.get(code, _read_lead)


def workspace_of_host(host: str) -> int | None:
    """Return the workspace whose tracked links live on `host`; None when it is no such host."""
    return _hosts.get("", _read_hosts).get(host)


def forget_all() -> None:
    """Forget what was read; for whoever changes rows behind this module's back."""
    _leads.forget()
    _hosts.forget()


def _read_lead(code: str) -> tuple[Lead | None, float]:
    with fence.everywhere("see where the code of a tracked link leads"):
        row = (
            Link.objects.filter(code=code)
            .values_list("pk", "workspace_id", "target", "workspace__time_zone")
            .first()
        )
    if row is None:
        return None, UNKNOWN_FOR_S
    link_id, workspace_id, target, zone = row
    return Lead(link_id, workspace_id, target, ZoneInfo(zone)), KNOWN_FOR_S


def _read_hosts(_key: str) -> tuple[dict[str, int], float]:
    with fence.everywhere("see which hosts serve tracked links"):
        rules = LinkRule.objects.exclude(domain="").values_list("domain", "workspace_id")
        return dict(rules), HOSTS_FOR_S
