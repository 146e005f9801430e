"""What can be done with what comes in; one module per subject."""

from loa.intake.actions.reading import read_import
from loa.intake.actions.running import MayNotSchedule, NotNow, run_import, start_import, stop_import
from loa.intake.actions.undoing import undo_import, undo_rows
from loa.intake.actions.uploading import TooLarge, begin_import, read_again

__all__ = [
    "MayNotSchedule",
    "NotNow",
    "TooLarge",
    "begin_import",
    "read_again",
    "read_import",
    "run_import",
    "start_import",
    "stop_import",
    "undo_import",
    "undo_rows",
]
