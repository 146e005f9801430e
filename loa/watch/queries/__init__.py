"""Reads for health and alerts; one module per subject."""

from loa.watch.queries.alerts import (
    bars_of,
    destinations,
    failing_destinations,
    open_alerts,
    past_alerts,
)
from loa.watch.queries.health import Health, health
from loa.watch.queries.machine import Machine, Workers, machine
from loa.watch.queries.measures import measures

__all__ = [
    "Health",
    "Machine",
    "Workers",
    "bars_of",
    "destinations",
    "failing_destinations",
    "health",
    "machine",
    "measures",
    "open_alerts",
    "past_alerts",
]
