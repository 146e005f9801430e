"""Whether a channel's plan holds more than its platform takes in a stretch of time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from loa.connectors.quotas import Quota
from loa.content.rules.findings import Finding, Severity

CODE = "quota.crowded"


def crowded(quotas: Iterable[Quota], planned: Sequence[datetime]) -> tuple[Finding, ...]:
    """Return a warning when some window of a quota has more posts `planned`, in order, than fit.

    The one that is exceeded the most speaks for all. A post is counted as one part.
    """
    worst: tuple[float, Finding] | None = None
    for quota in quotas:
        limit = quota.allowed // quota.part if quota.part else 0
        count = most_in_a_window(planned, window_s=quota.window_s) if limit else 0
        if count <= limit or (worst and count / limit <= worst[0]):
            continue
        values = {"count": count, "limit": limit, "minutes": quota.window_s // 60}
        worst = (count / limit, Finding(CODE, Severity.WARN, values=values))
    return (worst[1],) if worst else ()


def most_in_a_window(instants: Sequence[datetime], *, window_s: int) -> int:
    """Return the most of `instants`, which are in order, that one window holds."""
    window, first, most = timedelta(seconds=window_s), 0, 0
    for last, instant in enumerate(instants):
        while instant - instants[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most
