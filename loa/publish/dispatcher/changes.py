"""Lock deliveries, see how they stand, and write what was decided about them."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from loa.kernel.json import JSON
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.session import Cursor
from loa.publish.queries import means_on
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.recording import Change, Standing

# Locked in the order of their ids, so that two transactions never wait for each other.
_STANDING = """
SELECT d.id, d.state, d.fence, d.tries, d.due_at, d.ready_at, d.late_after, c.platform, c.facts,
       d.unproven_since, d.sending_at, d.look_at, d.clean_misses, d.last_miss_at,
       d.failure_code, d.failure_detail, d.needs_person,
       EXISTS (
           SELECT 1 FROM publish_deliverypart p WHERE p.delivery_id = d.id AND p.state = 'delivered'
       )
FROM publish_delivery d JOIN channels_channel c ON c.id = d.channel_id
WHERE d.id = ANY(%(ids)s::bigint[])
ORDER BY d.id
FOR UPDATE OF d
"""

_CHANGE = """
UPDATE publish_delivery AS d
SET state = r.state, tries = r.tries, ready_at = r.ready_at, late_after = r.late_after,
    unproven_since = r.unproven_since, look_at = r.look_at, clean_misses = r.misses,
    last_miss_at = r.last_miss_at, failure_code = r.failure_code,
    failure_detail = r.failure_detail, needs_person = r.needs_person,
    worker = CASE WHEN r.stays_held THEN d.worker END,
    lease_until = CASE WHEN r.stays_held THEN r.lease_until END,
    outgoing = CASE WHEN r.keeps_frozen OR d.after_id IS NOT NULL THEN d.outgoing END,
    external_id = coalesce(r.external_id, d.external_id), url = coalesce(r.url, d.url),
    delivered_at = CASE
        WHEN r.state = 'delivered' THEN %(now)s::timestamptz ELSE d.delivered_at
    END,
    proof = coalesce(r.proof, d.proof)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id bigint, state text, tries int, ready_at timestamptz, late_after timestamptz,
    unproven_since timestamptz, look_at timestamptz, misses int, last_miss_at timestamptz,
    failure_code text, failure_detail text, needs_person boolean, stays_held boolean,
    lease_until timestamptz, keeps_frozen boolean, external_id text, url text, proof text
)
WHERE d.id = r.id AND d.id = ANY(%(ids)s::bigint[])
"""

_HOLD = """
UPDATE channels_channel AS c SET hold_until = greatest(c.hold_until, r.hold_until)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, hold_until timestamptz)
WHERE c.id = r.id
"""

LONGEST_CODE, LONGEST_DETAIL = 64, 500


def ask_standings(cursor: Cursor, delivery_ids: Iterable[int]) -> None:
    """Lock deliveries and ask how they stand; `read_standings` reads the answer."""
    cursor.execute(_STANDING, {"ids": sorted(set(delivery_ids))})


def read_standings(cursor: Cursor) -> dict[int, Standing]:
    """Return how the deliveries that `ask_standings` locked stand, by id."""
    return {row[0]: _standing(row) for row in cursor.fetchall()}


def delivery_row(pk: int, change: Change, *, now: datetime, lease: timedelta) -> dict[str, JSON]:
    """Return a decision as a row for `write_changes`. lease: for what stays held."""
    after = change.standing
    return {
        "id": pk,
        "state": str(after.state),
        "tries": after.tries,
        "ready_at": _iso(after.ready_at),
        "late_after": _iso(after.late_after),
        "unproven_since": _iso(after.unproven_since),
        "look_at": _iso(after.look_at),
        "misses": after.misses,
        "last_miss_at": _iso(after.last_miss_at),
        "failure_code": after.failure_code[:LONGEST_CODE],
        "failure_detail": plain(after.failure_detail)[:LONGEST_DETAIL],
        "needs_person": after.needs_person,
        "stays_held": change.stays_held,
        "lease_until": _iso(now + lease),
        "keeps_frozen": change.keeps_frozen,
    }


def write_changes(cursor: Cursor, rows: Sequence[JSON], *, now: datetime) -> None:
    """Write decisions about locked deliveries."""
    ids = [row["id"] for row in rows if isinstance(row, dict)]
    write_rows(cursor, _CHANGE, rows, now=now, ids=ids)


def hold_channels(cursor: Cursor, holds: dict[int, float], *, now: datetime) -> None:
    """Let nothing go to these channels for so many seconds."""
    rows: list[JSON] = [
        {"id": pk, "hold_until": _iso(now + timedelta(seconds=hold_s))}
        for pk, hold_s in sorted(holds.items())
    ]
    write_rows(cursor, _HOLD, rows)


def plain(text: str) -> str:
    """Return text as the database takes it: without zero bytes."""
    return text.replace("\x00", "")


def _standing(row: tuple[Any, ...]) -> Standing:
    facts = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    return Standing(
        state=S(row[1]),
        fence=row[2],
        tries=row[3],
        due_at=row[4],
        ready_at=row[5],
        late_after=row[6],
        means=means_on(row[7], facts if isinstance(facts, dict) else {}),
        unproven_since=row[9],
        sending_at=row[10],
        look_at=row[11],
        misses=row[12],
        last_miss_at=row[13],
        failure_code=row[14],
        failure_detail=row[15],
        needs_person=row[16],
        has_live=row[17],
    )


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
