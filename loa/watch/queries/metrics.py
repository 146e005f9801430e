"""The figures for a monitor: five queries over indexes, and what this process counted itself.

They are of the whole installation. No workspace, channel or person is named. docs/reference/
monitoring.md lists them; a test compares.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from loa.ops import timings
from loa.publish.queries import pulse
from loa.publish.queries.pulse import Outcome, Ready
from loa.watch.queries.machine import machine

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.metrics_core import Metric

HOUR = timedelta(hours=1)
REQUESTS = "http_requests"


class Kept:
    """A collector that gives what was gathered already."""

    def __init__(self, families: Iterable["Metric"]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterator["Metric"]:
        """Give the families."""
        yield from self._families


def families(now: datetime) -> list["Metric"]:
    """Return every family; needs a fence that shows all."""
    return [
        *_deliveries(),
        *_ready(pulse.ready(now), now),
        *_lag(now),
        *_tries(pulse.outcomes(now - HOUR)),
        *_machine(now),
        _requests(),
    ]


def _deliveries() -> Iterator["Metric"]:
    states = _gauge(
        "loa_deliveries",
        "Deliveries that are not settled, or need a person, by state and platform.",
        ["state", "platform"],
    )
    for one in pulse.under_way():
        states.add_metric([one.state, one.platform], one.count)
    yield states


def _ready(rows: list[Ready], now: datetime) -> Iterator["Metric"]:
    waiting = _gauge(
        "loa_deliveries_ready", "Deliveries that could go out this moment and wait to be claimed."
    )
    waiting.add_metric([], sum(one.count for one in rows))
    yield waiting
    oldest = _gauge(
        "loa_oldest_due_seconds", "For how long the oldest of them could go out; 0 without any."
    )
    since = min((one.oldest_at for one in rows), default=now)
    oldest.add_metric([], max(0.0, (now - since).total_seconds()))
    yield oldest


def _lag(now: datetime) -> Iterator["Metric"]:
    found = pulse.lag(now - HOUR)
    late = _gauge(
        "loa_delivery_lag_seconds",
        "From the promised time to the proof, of what went live within the last hour.",
        ["quantile"],
    )
    for quantile, seconds in (("0.5", found.p50_s), ("0.99", found.p99_s)):
        if seconds is not None:
            late.add_metric([quantile], seconds)
    yield late
    count = _gauge("loa_delivery_lag_count", "How many deliveries that is.")
    count.add_metric([], found.count)
    yield count


def _tries(rows: list[Outcome]) -> Iterator["Metric"]:
    counts = _gauge(
        "loa_tries_last_hour",
        "Tries to upload or publish within the last hour, by platform and outcome.",
        ["platform", "outcome"],
    )
    took = _gauge(
        "loa_try_seconds",
        "How long those took, by platform.",
        ["platform", "quantile"],
    )
    for one in rows:
        if one.outcome:
            counts.add_metric([one.platform, one.outcome], one.count)
            continue
        took.add_metric([one.platform, "0.5"], one.p50_s)
        took.add_metric([one.platform, "0.99"], one.p99_s)
    yield counts
    yield took


def _machine(now: datetime) -> Iterator["Metric"]:
    found = machine(now)
    values = (
        ("loa_worker_lanes_alive", "Lanes of workers with a fresh heartbeat.", found.workers.alive),
        ("loa_senders_alive", "Processes that may send deliveries.", found.workers.senders),
        ("loa_jobs_waiting", "Background jobs that are due.", found.waiting_jobs),
        ("loa_jobs_failed_last_day", "Background jobs that failed.", found.failed_jobs),
        ("loa_database_bytes", "The size of the database.", found.database_bytes),
        ("loa_database_connections", "Open connections to it.", found.connections),
        ("loa_database_connections_max", "How many it allows.", found.most_connections),
        ("loa_disk_free_bytes", "Free on the disk of LOA_HOME.", found.free_bytes),
        (
            "loa_backup_age_seconds",
            "Since the last loa backup; missing when none is known.",
            (now - found.backup_at).total_seconds() if found.backup_at else None,
        ),
    )
    for name, words, value in values:
        family = _gauge(name, words)
        if value is not None:
            family.add_metric([], value)
        yield family


def _requests() -> "Metric":
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 (see _gauge)

    family = HistogramMetricFamily(
        "loa_http_request_seconds",
        "How long this web process took for a page, by method and kind of answer.",
        labels=["method", "status"],
    )
    for labels, timing in sorted(timings.observed(REQUESTS).items()):
        running, buckets = 0, []
        bounds = [*(str(bound) for bound in timings.BUCKETS_S), "+Inf"]
        for bound, count in zip(bounds, timing.counts, strict=True):
            running += count
            buckets.append((bound, float(running)))
        family.add_metric(list(labels), buckets, timing.sum_s)
    return family


def _gauge(name: str, words: str, labels: Iterable[str] = ()) -> "GaugeMetricFamily":
    # Only whoever asks pays for the library: at rest a process does without it.
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    return GaugeMetricFamily(name, words, labels=tuple(labels))
