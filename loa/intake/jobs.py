"""Background work of this app: reading files and feeds, making posts of them."""

from loa.intake import actions
from loa.ops.jobs import every, job


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


@every(seconds=24 * 3600)
@job("intake.forget_imports", lane="bulk")
def forget_imports(**_newer: object) -> None:
    """Drop uploaded files that were never brought in. Running twice is harmless."""
    actions.forget_imports()


@every(seconds=60)
@job("intake.poll_sources", lane="bulk")
def poll_sources(**_newer: object) -> None:
    """Hand the feeds that are due to workers. Running twice is harmless: each is handed once."""
    actions.poll_due_sources()


@job("intake.poll_source", lane="bulk", tries=1)
def poll_source(*, workspace_id: int, source_id: int, **_newer: object) -> None:
    """Read one feed. Running twice is harmless: an entry comes once."""
    actions.poll_source(workspace_id=workspace_id, source_id=source_id)
