"""Background work of this app: the worker that sends, and times that follow their zone."""

import atexit
import threading
from datetime import datetime

from django.conf import settings

from loa.ops import fence, jobs, zones
from loa.ops.jobs import every, job, loop
from loa.publish import actions
from loa.publish.actions.changing_live import CHANGES
from loa.publish.actions.telling import DUE
from loa.publish.dispatcher import Pace, Worker
from loa.publish.dispatcher.live_changes import work_off_changes
from loa.workspace.models import Workspace

STOP_WITHIN_S = 7.0
_starting = threading.Lock()
_working: Worker | None = None


@loop("publish.dispatch", wakes_on=DUE)
def dispatch() -> None:
    """Keep a worker in this process, and tell it that something may be due.

    It has threads of its own and knows itself when the next delivery is due, so the loop
    need not come back before it is woken.
    """
    _worker().wake()


@loop("publish.change_live", wakes_on=CHANGES)
def change_live() -> datetime | None:
    """Edit and take down what members asked for, once it can no longer be taken back."""
    return work_off_changes()


@every(seconds=3600)
@job("publish.rematerialise_times", lane="bulk")
def rematerialise_times(**_newer: object) -> None:
    """Compute planned instants anew, by the zone database as it is now.

    Every hour, whatever the version: a process that knew older rules may have planned since.
    """
    zones.read_anew()
    version = zones.database_version()
    with fence.everywhere("list the workspaces whose plan follows the zones"):
        ids = list(Workspace.objects.order_by("pk").values_list("pk", flat=True))
    for workspace_id in ids:
        with fence.inside(workspace_id):
            workspace = Workspace.objects.get(pk=workspace_id)
            actions.follow_zone_rules(workspace, version=version)


def _worker() -> Worker:
    global _working  # noqa: PLW0603 - one worker per process is the point
    with _starting:
        if _working is None:
            _working = Worker(Pace(senders=settings.SENDER_THREADS))
            _working.start()
            threading.Thread(target=_stop_when_asked, args=(_working,), daemon=True).start()
            atexit.register(_stop, _working)
        return _working


def _stop_when_asked(worker: Worker) -> None:
    jobs.stopping.wait()
    _stop(worker)


def _stop(worker: Worker) -> None:
    """End what is under way. What does not end in time is settled by another worker."""
    worker.stop(within_s=STOP_WITHIN_S)
