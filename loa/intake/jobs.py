"""Background work of this app: reading files, making posts of rows, taking them back."""

from loa.intake import actions
from loa.ops.jobs import job


@job("intake.read_import", lane="bulk")
def read_import(*, workspace_id: int, import_id: int, **_newer: object) -> None:
    """Read an uploaded file. Running twice is harmless: the later reading starts afresh."""
    actions.read_import(workspace_id=workspace_id, import_id=import_id)


@job("intake.run_import", lane="bulk")
def run_import(*, workspace_id: int, import_id: int, attempt: int, **_newer: object) -> None:
    """Make posts of rows. Running twice is harmless: a row and its post commit together."""
    actions.run_import(workspace_id=workspace_id, import_id=import_id, attempt=attempt)


@job("intake.undo_import", lane="bulk")
def undo_import(*, workspace_id: int, import_id: int, attempt: int, **_newer: object) -> None:
    """Put the posts of an import in the bin. Running twice is harmless."""
    actions.undo_rows(workspace_id=workspace_id, import_id=import_id, attempt=attempt)
