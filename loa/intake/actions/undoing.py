"""Take a whole import back: its posts go to the bin, except what is live or on its way."""

from django.db import transaction

from loa.create import actions as create
from loa.intake.actions.holding import NotNow, announce, batch, locked
from loa.intake.models import Import, ImportRow
from loa.ops import clock, jobs
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

ROWS_AT_ONCE = 50
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
    """Take the rows back, a few a transaction. Running twice is harmless."""
    after = 0
    while True:
        with batch(workspace_id, import_id, attempt=attempt, state=State.UNDOING) as held:
            if held is None or held.started_by is None:
                return
            rows = list(
                held.rows.filter(state=ImportRow.State.DONE, number__gt=after)
                .select_related("post__workspace")
                .order_by("number", "pk")[:ROWS_AT_ONCE]
            )
            if not rows:
                held.state, held.finished_at = State.UNDONE, clock.now()
                held.save(update_fields=["state", "finished_at"])
                return
            after = rows[-1].number
            held.done_count -= sum(_take_back(row, by=held.started_by) for row in rows)
            held.save(update_fields=["done_count"])


def _take_back(row: ImportRow, *, by: Member) -> bool:
    """Say whether the row's post is gone; one that is live or on its way stays."""
    if row.post is not None:
        try:
            create.delete_post(row.post, by=by)
        except create.AlreadyOut:
            return False
    row.state = ImportRow.State.UNDONE
    row.save(update_fields=["state"])
    return True
