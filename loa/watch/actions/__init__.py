"""Writes of this app; one module per subject."""

from loa.watch.actions.destinations import (
    DestinationGone,
    add_destination,
    remove_destination,
    switch_destination,
    test_destination,
)
from loa.watch.actions.looking import forget_old_alerts, look, was_looked_lately
from loa.watch.actions.posting import Outcome, Text
from loa.watch.actions.rules import change_rules
from loa.watch.actions.telling import Telling, is_waiting, send_notices

__all__ = [
    "DestinationGone",
    "Outcome",
    "Telling",
    "Text",
    "add_destination",
    "change_rules",
    "forget_old_alerts",
    "is_waiting",
    "look",
    "remove_destination",
    "send_notices",
    "switch_destination",
    "test_destination",
    "was_looked_lately",
]
