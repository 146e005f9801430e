"""Take a whole import back: its posts go to the bin, except what is live or on its way."""

from collections.abc import Sequence

from django.db import transaction

from loa.create import actions as create
from loa.intake.actions.holding import NotNow, announce, batch, locked
from loa.intake.models import Import, ImportRow
from loa.ops import clock, jobs
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

ROWS_AT_ONCE = 200
State = Import.State


def undo_import(of: Import, *, by: Member) -> Import:
    """Put every post of the import in the bin, in the background. NotNow while it is running."""
    with transaction.atomic():
        held = locked(of)
        if held.state not in {State.DONE, State.CANCELLED} or not held.done_count:
            raise NotNow(held.state)
        held.state, held.started_by = State.UNDOING, by
        held.attempt += 1
        held.save(update_fields=["state", "started_by", "attempt"])
        jobs.enqueue(
            "intake.undo_import",
            workspace_id=held.workspace_id,
            import_id=held.pk,
            attempt=held.attempt,
        )
        announce(held)
        record_audit(
            held.workspace,
            member=by,
            action="import.undone",
            subject=f"import:{held.pk}",
            detail={"file": held.filename, "posts": held.done_count},
        )
    return held


def undo_rows(*, workspace_id: int, import_id: int, attempt: int) -> None:
    """Take the rows back, some a transaction. Running twice is harmless."""
    after = 0
    while True:
        with batch(workspace_id, import_id, attempt=attempt, state=State.UNDOING) as held:
            if held is None or held.started_by is None:
                return
            rows = list(
                held.rows.filter(state=ImportRow.State.DONE, number__gt=after).order_by(
                    "number", "pk"
                )[:ROWS_AT_ONCE]
            )
            if not rows:
                held.state, held.finished_at = State.UNDONE, clock.now()
                held.save(update_fields=["state", "finished_at"])
                return
            after = rows[-1].number
            held.done_count -= _take_back(rows, by=held.started_by)
            held.save(update_fields=["done_count"])


def _take_back(rows: Sequence[ImportRow], *, by: Member) -> int:
    """Return how many rows' posts are gone; those that are live or on their way stay."""
    gone = create.delete_posts([row.post_id for row in rows if row.post_id], by=by)
    taken = [row for row in rows if row.post_id is None or row.post_id in gone]
    for row in taken:
        row.state = ImportRow.State.UNDONE
    ImportRow.objects.bulk_update(taken, ["state"])
    return len(taken)
