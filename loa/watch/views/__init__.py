"""Pages of this app; one module per subject."""

from loa.watch.views.alerts import change_rules, show_alerts
from loa.watch.views.destinations import (
    add_destination,
    remove_destination,
    switch_destination,
    test_destination,
)
from loa.watch.views.health import show_health

__all__ = [
    "add_destination",
    "change_rules",
    "remove_destination",
    "show_alerts",
    "show_health",
    "switch_destination",
    "test_destination",
]
