"""Keep every try as evidence, for the receipt and for a person who must decide."""

from collections.abc import Sequence
from datetime import datetime

from loa.kernel.json import JSON
from loa.publish.dispatcher.changes import plain
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.session import Cursor
from loa.publish.dispatcher.work import Ended

_ATTEMPTS = """
INSERT INTO publish_attempt (
    workspace_id, delivery_id, position, step, started_at, ended_at, outcome, code, detail,
    status, request_id, retry_after_s
)
SELECT r.workspace_id, r.delivery_id, r.position, r.step, r.started_at, %(now)s::timestamptz,
       r.outcome, r.code, r.detail, r.status, r.request_id, r.retry_after_s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    workspace_id bigint, delivery_id bigint, position int, step text, started_at timestamptz,
    outcome text, code text, detail text, status int, request_id text, retry_after_s float
)
JOIN publish_delivery d ON d.id = r.delivery_id
"""


def write_attempts(cursor: Cursor, rows: Sequence[JSON], *, now: datetime) -> None:
    """Write what `attempt_row` and `lost_with_its_worker` gave."""
    write_rows(cursor, _ATTEMPTS, rows, now=now)


def lost_with_its_worker(
    *, workspace_id: int, delivery_id: int, began_at: datetime
) -> dict[str, JSON]:
    """Return the evidence of a try whose worker died before the answer came."""
    return {
        "workspace_id": workspace_id,
        "delivery_id": delivery_id,
        "position": None,
        "step": "publish",
        "started_at": began_at.isoformat(),
        "outcome": "lost",
        "code": "worker.died",
        "detail": "",
        "status": None,
        "request_id": "",
        "retry_after_s": None,
    }


def attempt_row(ended: Ended, *, was_late: bool) -> dict[str, JSON]:
    """Return the evidence of an ended step. was_late: it changed nothing any more."""
    failure = ended.failure
    outcome, code = ("ok" if ended.published else "missing"), ("came.late" if was_late else "")
    if failure is not None:
        outcome, code = str(failure.kind), failure.code
    return {
        "workspace_id": ended.work.workspace_id,
        "delivery_id": ended.work.delivery_id,
        "position": ended.part.position if ended.part else None,
        "step": ended.step,
        "started_at": ended.started_at.isoformat(),
        "outcome": outcome,
        "code": code[:64],
        "detail": plain(failure.detail if failure else "")[:500],
        "status": failure.status if failure else None,
        "request_id": plain(failure.request_id if failure else "")[:128],
        "retry_after_s": failure.retry_after_s if failure else None,
    }
