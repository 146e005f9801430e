"""Forget files that were uploaded and looked over, and never brought in."""

from datetime import timedelta

from loa.intake.models import Import
from loa.ops import clock, fence

KEPT_FOR = timedelta(days=30)
State = Import.State
NEVER_BEGUN = (State.READING, State.READY, State.UNREADABLE)


def forget_imports() -> int:
    """Delete, in every workspace, what nobody has begun for long; return how many.

    Each with its file and rows, in a transaction of its own. One that somebody is just beginning
    or reading is left for the next time.
    """
    stale = {"state__in": NEVER_BEGUN, "uploaded_at__lt": clock.now() - KEPT_FOR}
    with fence.everywhere("find imports that were never begun"):
        found = list(Import.objects.filter(**stale).values_list("workspace_id", "pk"))
    count = 0
    for workspace_id, import_id in found:
        with fence.inside(workspace_id):
            still = Import.objects.filter(workspace_id=workspace_id, pk=import_id, **stale)
            held = still.select_for_update(skip_locked=True).first()
            if held is not None:
                held.delete()
                count += 1
    return count
