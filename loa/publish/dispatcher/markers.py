"""Commit `sending` before the first byte of a visible call, and only if it may still be sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from loa.kernel.json import JSON
from loa.ops import live
from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.session import Cursor, OpenCursor
from loa.publish.dispatcher.work import HeldPart, Work

# Nothing here waits: a row that somebody else holds is left for the next transaction. The
# share locks make "pause everything" wait for markers under way, and be seen by later ones.
_MAY_SEND = """
SELECT d.id
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS r (id, fence)
JOIN publish_delivery d ON d.id = r.id AND d.fence = r.fence
JOIN channels_channel c ON c.id = d.channel_id
JOIN workspace_workspace w ON w.id = d.workspace_id
WHERE d.id = ANY(%(ids)s::bigint[])
  AND d.state = 'claimed' AND d.worker = %(worker)s::bigint
  AND d.lease_until > %(now)s::timestamptz
  AND c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
  AND (c.hold_until IS NULL OR c.hold_until <= %(now)s::timestamptz)
FOR UPDATE OF d SKIP LOCKED
FOR SHARE OF c, w SKIP LOCKED
"""

_WHY_NOT = """
SELECT d.id,
       d.state = 'claimed' AND d.worker = %(worker)s::bigint AND d.fence = r.fence
           AND d.lease_until > %(now)s::timestamptz AS held,
       c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
           AND (c.hold_until IS NULL OR c.hold_until <= %(now)s::timestamptz) AS open
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS r (id, fence)
JOIN publish_delivery d ON d.id = r.id
JOIN channels_channel c ON c.id = d.channel_id
JOIN workspace_workspace w ON w.id = d.workspace_id
"""

_MARK = """
UPDATE publish_delivery AS d
SET state = 'sending', sending_at = %(now)s::timestamptz,
    unproven_since = coalesce(d.unproven_since, %(now)s::timestamptz),
    lease_until = %(lease)s::timestamptz
WHERE d.id = ANY(%(ids)s::bigint[])
"""

_MARK_PARTS = """
UPDATE publish_deliverypart AS p
SET state = 'sending', sending_at = %(now)s::timestamptz, staged = r.staged
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, staged jsonb)
WHERE p.id = r.id AND p.id = ANY(%(ids)s::bigint[])
"""


class Answer(StrEnum):
    """What became of a marker.

    MARKED: send now. GONE: it is no longer this worker's, or cancelled. CLOSED: its channel
    or workspace does not send now. LOCKED: somebody is changing it; ask again.
    """

    MARKED = "marked"
    GONE = "gone"
    CLOSED = "closed"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Mark:
    """The wish to send one part. staged: what was uploaded for it, kept with the part."""

    work: Work
    part: HeldPart
    staged: JSON


def ask_marks(cursor: Cursor, marks: Sequence[Mark], *, worker: int, now: datetime) -> None:
    """Ask which of `marks` may be sent, and lock those; the ids are to be fetched."""
    cursor.execute(_MAY_SEND, _values(marks, worker=worker, now=now))


def write_marks(
    open_cursor: OpenCursor,
    marks: Sequence[Mark],
    may_send: Collection[int],
    *,
    worker: int,
    now: datetime,
    pace: Pace,
) -> dict[int, Answer]:
    """Mark what may be sent as sending, and return the answer by delivery id."""
    marked = [mark for mark in marks if mark.work.delivery_id in may_send]
    left = [mark for mark in marks if mark.work.delivery_id not in may_send]
    answers = {mark.work.delivery_id: Answer.MARKED for mark in marked}
    cursor = open_cursor()
    if marked:
        lease = now + timedelta(seconds=pace.lease_s)
        cursor.execute(_MARK, {"ids": list(answers), "now": now, "lease": lease})
        rows: list[JSON] = [{"id": mark.part.part_id, "staged": mark.staged} for mark in marked]
        parts = [mark.part.part_id for mark in marked]
        write_rows(cursor, _MARK_PARTS, rows, now=now, ids=parts)
        news = [(mark.work.workspace_id, mark.work.delivery_id) for mark in marked]
        live.announce_all(news, topic="delivery", cursor=cursor)
    if left:
        cursor.execute(_WHY_NOT, _values(left, worker=worker, now=now))
        for pk, is_held, is_open in cursor.fetchall():
            answers[pk] = _why_not(is_held=is_held, is_open=is_open)
    return {mark.work.delivery_id: Answer.GONE for mark in marks} | answers


def _values(marks: Sequence[Mark], *, worker: int, now: datetime) -> dict[str, Any]:
    return {
        "ids": [mark.work.delivery_id for mark in marks],
        "fences": [mark.work.fence for mark in marks],
        "worker": worker,
        "now": now,
    }


def _why_not(*, is_held: bool, is_open: bool) -> Answer:
    if not is_held:
        return Answer.GONE
    return Answer.LOCKED if is_open else Answer.CLOSED
