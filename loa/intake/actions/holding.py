"""Hold an import while a job works on it: one batch at a time, and no older job beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from loa.intake.models import Import
from loa.kernel.errors import LoaError
from loa.ops import fence, live


class NotNow(LoaError):
    """The import is in another state by now: somebody was quicker."""


def locked(of: Import) -> Import:
    """Lock the row of an import: whoever starts, stops or works on it takes their turn.

    NotNow when it was just forgotten.
    """
    held = (
        Import.objects.in_workspace(of.workspace)
        .select_for_update(of=("self",))
        .select_related("workspace", "uploaded_by", "started_by")
        .filter(pk=of.pk)
        .first()
    )
    if held is None:
        raise NotNow("forgotten")
    return held


@contextmanager
def batch(
    workspace_id: int, import_id: int, *, attempt: int, state: str
) -> Iterator[Import | None]:
    """Open a transaction for one batch; None when the work is no longer this job's.

    Pages that show the import look again when the batch is committed.
    """
    with fence.inside(workspace_id):
        held = (
            Import.objects.filter(workspace_id=workspace_id, pk=import_id)
            .select_for_update(of=("self",))
            .select_related("workspace", "uploaded_by__workspace", "started_by__workspace")
            .first()
        )
        if held is None or held.attempt != attempt or held.state != state:
            yield None
            return
        yield held
        announce(held)


def announce(of: Import) -> None:
    """Tell open pages that the import has moved on."""
    live.announce(workspace_id=of.workspace_id, topic="import", subject_id=of.pk)
