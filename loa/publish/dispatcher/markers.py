"""Commit `sending` before the first byte of a visible call, and only if it may still be sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from loa.kernel.json import JSON
from loa.ops import live
from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.work import HeldPart, Work

# Nothing here waits: a row that somebody else holds is left for the next transaction. The
# share locks make "pause everything" wait for markers under way, and be seen by later ones.
_MAY_SEND = """
SELECT d.id
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS r (id, fence)
JOIN publish_delivery d ON d.id = r.id AND d.fence = r.fence
JOIN channels_channel c ON c.id = d.channel_id
JOIN workspace_workspace w ON w.id = d.workspace_id
WHERE d.state = 'claimed' AND d.worker = %(worker)s AND d.lease_until > %(now)s
  AND c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
  AND (c.hold_until IS NULL OR c.hold_until <= %(now)s)
FOR UPDATE OF d SKIP LOCKED
FOR SHARE OF c, w SKIP LOCKED
"""

_WHY_NOT = """
SELECT d.id,
       d.state = 'claimed' AND d.worker = %(worker)s AND d.fence = r.fence
           AND d.lease_until > %(now)s AS held,
       c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
           AND (c.hold_until IS NULL OR c.hold_until <= %(now)s) AS open
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS r (id, fence)
JOIN publish_delivery d ON d.id = r.id
JOIN channels_channel c ON c.id = d.channel_id
JOIN workspace_workspace w ON w.id = d.workspace_id
"""

_MARK = """
UPDATE publish_delivery AS d
SET state = 'sending', sending_at = %(now)s,
    unproven_since = coalesce(d.unproven_since, %(now)s), lease_until = %(lease)s
WHERE d.id = ANY(%(ids)s)
"""

_MARK_PARTS = """
UPDATE publish_deliverypart AS p
SET state = 'sending', sending_at = %(now)s, staged = r.staged
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, staged jsonb)
WHERE p.id = r.id
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


def write_marks(
    marks: Iterable[Mark], *, worker: int, now: datetime, pace: Pace
) -> dict[int, Answer]:
    """Mark what may be sent as sending, and return the answer by delivery id."""
    wanted = {mark.work.delivery_id: mark for mark in marks}
    if not wanted:
        return {}
    values: dict[str, Any] = {
        "ids": list(wanted),
        "fences": [mark.work.fence for mark in wanted.values()],
        "worker": worker,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAY_SEND, values)
        may_send = [row[0] for row in cursor.fetchall()]
        answers = dict.fromkeys(may_send, Answer.MARKED)
        if may_send:
            lease = now + timedelta(seconds=pace.lease_s)
            cursor.execute(_MARK, {"ids": may_send, "now": now, "lease": lease})
        if len(may_send) < len(wanted):
            cursor.execute(_WHY_NOT, values)
            for pk, is_held, is_open in cursor.fetchall():
                answers.setdefault(pk, _why_not(is_held=is_held, is_open=is_open))
    if may_send:
        rows: list[JSON] = [
            {"id": wanted[pk].part.part_id, "staged": wanted[pk].staged} for pk in may_send
        ]
        write_rows(_MARK_PARTS, rows, now=now)
        live.announce_all([(wanted[pk].work.workspace_id, pk) for pk in may_send], topic="delivery")
    return {pk: answers.get(pk, Answer.GONE) for pk in wanted}


def _why_not(*, is_held: bool, is_open: bool) -> Answer:
    if not is_held:
        return Answer.GONE
    return Answer.LOCKED if is_open else Answer.CLOSED
