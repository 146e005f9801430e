"""How sending goes: how late, how often it fails, what waits. For health, alerts and monitors.

Each question is one query. workspace_id None asks about all workspaces that the fence shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# Late: from the time it was promised (planned, or handed over later) to its proof.
_LAG = """
SELECT count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY late_s),
       percentile_cont(0.99) WITHIN GROUP (ORDER BY late_s)
FROM channels_channel c
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM d.delivered_at - greatest(d.due_at, d.scheduled_at)) AS late_s
    FROM publish_delivery d
    WHERE d.channel_id = c.id AND d.state = 'delivered' AND d.delivered_at >= %(since)s
      AND d.after_id IS NULL
) AS sent
WHERE (%(workspace_id)s::bigint IS NULL OR c.workspace_id = %(workspace_id)s::bigint)
"""
# Being asked to wait, or to renew a grant, is no failure: it is how platforms work.
_TRIES = """
SELECT a.workspace_id, c.platform, count(*),
       count(*) FILTER (WHERE a.outcome IN
           ('not_sent', 'refused', 'channel_lost', 'uncertain', 'broken', 'lost')),
       count(*) FILTER (WHERE a.outcome = 'rate_limited'),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took_ms),
       percentile_cont(0.99) WITHIN GROUP (ORDER BY took_ms),
       max(a.started_at)
FROM publish_attempt a
JOIN publish_delivery d ON d.id = a.delivery_id
JOIN channels_channel c ON c.id = d.channel_id
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM a.ended_at - a.started_at) * 1000 AS took_ms
) AS t
WHERE a.started_at >= %(since)s AND a.step IN ('stage', 'publish') AND a.ended_at IS NOT NULL
  AND (%(workspace_id)s::bigint IS NULL OR a.workspace_id = %(workspace_id)s::bigint)
GROUP BY a.workspace_id, c.platform
ORDER BY 2, 1
"""
# A row for each outcome on a platform, and one without an outcome for all of them.
_OUTCOMES = """
SELECT c.platform, coalesce(a.outcome, ''), count(*),
       percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
           ORDER BY extract(epoch FROM a.ended_at - a.started_at)
       )
FROM publish_attempt a
JOIN publish_delivery d ON d.id = a.delivery_id
JOIN channels_channel c ON c.id = d.channel_id
WHERE a.started_at >= %(since)s AND a.step IN ('stage', 'publish') AND a.ended_at IS NOT NULL
GROUP BY GROUPING SETS ((c.platform, a.outcome), (c.platform))
ORDER BY 1, 2
"""
# What could go out this moment: nothing holds it, and yet it is not claimed.
_READY = """
SELECT d.workspace_id, count(*), min(d.ready_at)
FROM publish_delivery d
JOIN channels_channel c ON c.id = d.channel_id
JOIN workspace_workspace w ON w.id = d.workspace_id
LEFT JOIN publish_channelturn t ON t.channel_id = d.channel_id
WHERE d.state = 'due' AND d.ready_at <= %(now)s
  AND coalesce(CASE WHEN d.urgent THEN t.urgent_from ELSE t.bulk_from END <= %(now)s, true)
  AND c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
  AND (c.hold_until IS NULL OR c.hold_until <= %(now)s)
  AND (%(workspace_id)s::bigint IS NULL OR d.workspace_id = %(workspace_id)s::bigint)
GROUP BY d.workspace_id
"""
_TROUBLED = """
SELECT d.workspace_id, d.channel_id, c.name, c.handle, c.platform,
       count(*) FILTER (WHERE d.state = 'failed'),
       count(*) FILTER (WHERE d.state = 'uncertain')
FROM publish_delivery d
JOIN channels_channel c ON c.id = d.channel_id
WHERE d.needs_person AND d.state IN ('failed', 'uncertain')
  AND (%(workspace_id)s::bigint IS NULL OR d.workspace_id = %(workspace_id)s::bigint)
GROUP BY d.workspace_id, d.channel_id, c.name, c.handle, c.platform
ORDER BY d.workspace_id, d.channel_id
"""
# Each part is read from an index that holds nothing but its rows.
_UNDER_WAY = """
SELECT d.state, c.platform, sum(d.many)::bigint
FROM (
    SELECT state, channel_id, count(*) AS many FROM publish_delivery
    WHERE state = 'due' GROUP BY state, channel_id
    UNION ALL
    SELECT state, channel_id, count(*) FROM publish_delivery
    WHERE state IN ('claimed', 'sending') GROUP BY state, channel_id
    UNION ALL
    SELECT state, channel_id, count(*) FROM publish_delivery
    WHERE needs_person AND state IN ('failed', 'uncertain') GROUP BY state, channel_id
    UNION ALL
    SELECT state, channel_id, count(*) FROM publish_delivery
    WHERE state = 'uncertain' AND look_at IS NOT NULL AND NOT needs_person
    GROUP BY state, channel_id
) AS d
JOIN channels_channel c ON c.id = d.channel_id
WHERE (%(workspace_id)s::bigint IS NULL OR c.workspace_id = %(workspace_id)s::bigint)
GROUP BY d.state, c.platform
ORDER BY 2, 1
"""


@dataclass(frozen=True, slots=True)
class Lag:
    """How late posts went live, in seconds; None when none did."""

    count: int
    p50_s: float | None
    p99_s: float | None


@dataclass(frozen=True, slots=True)
class Tries:
    """How tries on one platform went. failed: of the `count`; limited: asked to wait."""

    workspace_id: int
    platform: str
    count: int
    failed: int
    limited: int
    p50_ms: float | None
    p99_ms: float | None
    last_at: datetime

    @property
    def failed_ratio(self) -> float:
        """Failures by tries, 0 to 1."""
        return self.failed / self.count


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many tries on a platform ended so, and how long they took; "" for all of them."""

    platform: str
    outcome: str
    count: int
    p50_s: float
    p99_s: float


@dataclass(frozen=True, slots=True)
class Ready:
    """What could go out this moment and did not, and since when the oldest could."""

    workspace_id: int
    count: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Troubled:
    """Deliveries of one channel on which somebody must decide."""

    workspace_id: int
    channel_id: int
    channel: str
    platform: str
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How many deliveries of a platform are in a state that is not the end."""

    state: str
    platform: str
    count: int


def lag(since: datetime, *, workspace_id: int | None = None) -> Lag:
    """Return how late what went live since then was."""
    [(count, p50, p99)] = _ask(_LAG, since=since, workspace_id=workspace_id)
    return Lag(count, _number(p50), _number(p99))


def tries(since: datetime, *, workspace_id: int | None = None) -> list[Tries]:
    """Return how tries since then went, by workspace and platform."""
    return [
        Tries(place, platform, count, failed, limited, _number(p50), _number(p99), last_at)
        for place, platform, count, failed, limited, p50, p99, last_at in _ask(
            _TRIES, since=since, workspace_id=workspace_id
        )
    ]


def outcomes(since: datetime) -> list[Outcome]:
    """Return how tries since then ended everywhere, by platform."""
    return [
        Outcome(platform, outcome, count, float(p50), float(p99))
        for platform, outcome, count, (p50, p99) in _ask(_OUTCOMES, since=since)
    ]


def ready(now: datetime, *, workspace_id: int | None = None) -> list[Ready]:
    """Return what could go out this moment, by workspace."""
    return [Ready(*row) for row in _ask(_READY, now=now, workspace_id=workspace_id)]


def troubled(*, workspace_id: int | None = None) -> list[Troubled]:
    """Return the channels with deliveries that need a person."""
    return [
        Troubled(place, channel_id, name or handle, platform, failed, uncertain)
        for place, channel_id, name, handle, platform, failed, uncertain in _ask(
            _TROUBLED, workspace_id=workspace_id
        )
    ]


def under_way(*, workspace_id: int | None = None) -> list[UnderWay]:
    """Return how many deliveries wait, are being sent or need a person, by platform."""
    return [UnderWay(*row) for row in _ask(_UNDER_WAY, workspace_id=workspace_id)]


def _ask(question: str, **values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        yield from cursor.fetchall()


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
