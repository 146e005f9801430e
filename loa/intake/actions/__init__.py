"""What can be done with what comes in; one module per subject."""

from loa.intake.actions.forgetting import KEPT_FOR, forget_imports
from loa.intake.actions.polling import poll_due_sources, poll_source
from loa.intake.actions.reading import read_import
from loa.intake.actions.running import MayNotSchedule, NotNow, run_import, start_import, stop_import
from loa.intake.actions.sources import (
    NoChannel,
    NotAnAddress,
    ReadAlready,
    TooManySources,
    Wishes,
    add_source,
    change_source,
    delete_source,
    pause_source,
    poll_soon,
    resume_source,
)
from loa.intake.actions.undoing import undo_import, undo_rows
from loa.intake.actions.uploading import TooLarge, begin_import, read_again

__all__ = [
    "KEPT_FOR",
    "MayNotSchedule",
    "NoChannel",
    "NotAnAddress",
    "NotNow",
    "ReadAlready",
    "TooLarge",
    "TooManySources",
    "Wishes",
    "add_source",
    "begin_import",
    "change_source",
    "delete_source",
    "forget_imports",
    "pause_source",
    "poll_due_sources",
    "poll_soon",
    "poll_source",
    "read_again",
    "read_import",
    "resume_source",
    "run_import",
    "start_import",
    "stop_import",
    "undo_import",
    "undo_rows",
]
