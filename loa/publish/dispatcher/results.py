"""Write how steps ended: many at a time, each judged by its row as it stands now."""

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from loa.channels.models import Channel
from loa.connectors.contract import Capability
from loa.connectors.registry import all_connectors
from loa.kernel.json import JSON
from loa.ops import jobs, live
from loa.publish.actions.telling import DUE
from loa.publish.dispatcher.evidence import write_attempts
from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.work import Ended
from loa.publish.queries import means_on
from loa.publish.rules import lateness, recording, threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.recording import Change, Standing

_STANDING = """
SELECT d.id, d.workspace_id, d.channel_id, d.state, d.fence, d.tries, d.due_at, d.ready_at,
       d.late_after, c.platform, c.facts, d.unproven_since, d.sending_at, d.look_at,
       d.clean_misses, d.last_miss_at, d.failure_code, d.failure_detail, d.needs_person,
       EXISTS (
           SELECT 1 FROM publish_deliverypart p WHERE p.delivery_id = d.id AND p.state = 'delivered'
       )
FROM publish_delivery d JOIN channels_channel c ON c.id = d.channel_id
WHERE d.id = ANY(%s)
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
    delivered_at = CASE WHEN r.state = 'delivered' THEN %(now)s ELSE d.delivered_at END,
    proof = coalesce(r.proof, d.proof)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id bigint, state text, tries int, ready_at timestamptz, late_after timestamptz,
    unproven_since timestamptz, look_at timestamptz, misses int, last_miss_at timestamptz,
    failure_code text, failure_detail text, needs_person boolean, stays_held boolean,
    lease_until timestamptz, keeps_frozen boolean, external_id text, url text, proof text
)
WHERE d.id = r.id
"""

_CHANGE_PARTS = """
UPDATE publish_deliverypart AS p
SET state = r.state, external_id = r.external_id, url = r.url, facts = r.facts,
    delivered_at = CASE WHEN r.state = 'delivered' THEN %(now)s END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id bigint, state text, external_id text, url text, facts jsonb
)
WHERE p.id = r.id
"""

_FOLLOW = """
INSERT INTO publish_delivery (
    workspace_id, post_id, channel_id, after_id, key, state, due_at, ready_at, late_after,
    outgoing, scheduled_by_id, scheduled_at, urgent, fence, tries, clean_misses, needs_person,
    external_id, url, failure_code, failure_detail, proof
)
SELECT d.workspace_id, d.post_id, d.channel_id, d.id, gen_random_uuid(), 'due', %(now)s, %(now)s,
       %(late_after)s, r.outgoing, d.scheduled_by_id, d.scheduled_at, false, 0, 0, 0, false,
       '', '', '', '', ''
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, outgoing jsonb)
JOIN publish_delivery d ON d.id = r.id
ON CONFLICT (after_id) DO NOTHING
"""

LONGEST_ID, LONGEST_URL, LONGEST_CODE, LONGEST_DETAIL = 255, 1024, 64, 500


def write_results(ended: list[Ended], *, now: datetime, pace: Pace) -> None:
    """Write how steps ended, inside a transaction that sees every workspace."""
    if not ended:
        return
    standings = lock_standings([one.work.delivery_id for one in ended])
    changes: list[tuple[Ended, Change]] = []
    for one in ended:
        standing = standings.get(one.work.delivery_id)
        change = _change(one, standing, now=now, pace=pace) if standing else None
        if change is not None:
            changes.append((one, change))
            standings[one.work.delivery_id] = change.standing
    _write_deliveries(changes, now=now, pace=pace)
    _write_parts(changes, now=now)
    _follow_up(changes, now=now)
    kept = {id(one) for one, _ in changes}
    write_attempts(ended, late={id(one) for one in ended} - kept, now=now)
    hold_channels({one.work.channel_id: change.hold_s for one, change in changes}, now=now)
    live.announce_all(
        {(one.work.workspace_id, one.work.delivery_id) for one, _ in changes}, topic="delivery"
    )


def lock_standings(delivery_ids: Iterable[int]) -> dict[int, Standing]:
    """Lock deliveries, in the order of their ids, and return how they stand."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [sorted(set(delivery_ids))])
        return {row[0]: _standing(row) for row in cursor.fetchall()}


def write_changes(changes: dict[int, Change], *, now: datetime, pace: Pace) -> None:
    """Write what the sweeper and the settler decided about locked deliveries."""
    rows = [_delivery_row(pk, change, now=now, pace=pace) for pk, change in changes.items()]
    if rows:
        write_rows(_CHANGE, rows, now=now)


def hold_channels(holds: dict[int, float], *, now: datetime) -> None:
    """Let nothing go to these channels for so many seconds."""
    for channel_id, hold_s in holds.items():
        if hold_s > 0:
            until = now + timedelta(seconds=hold_s)
            Channel.objects.filter(pk=channel_id).exclude(hold_until__gte=until).update(
                hold_until=until
            )


def _standing(row: tuple[Any, ...]) -> Standing:
    return Standing(
        state=S(row[3]),
        fence=row[4],
        tries=row[5],
        due_at=row[6],
        ready_at=row[7],
        late_after=row[8],
        means=means_on(row[9], _json(row[10])),
        unproven_since=row[11],
        sending_at=row[12],
        look_at=row[13],
        misses=row[14],
        last_miss_at=row[15],
        failure_code=row[16],
        failure_detail=row[17],
        needs_person=row[18],
        has_live=row[19],
    )


def _change(ended: Ended, standing: Standing, *, now: datetime, pace: Pace) -> Change | None:
    work, jitter = ended.work, random.random()  # noqa: S311 - it spreads retries, nothing else
    if ended.published is not None:
        return recording.when_live(standing, fence=work.fence, more=ended.more, now=now)
    if ended.let_go:
        return recording.when_let_go(standing, fence=work.fence, now=now)
    if ended.failure is not None and work.look_token is None:
        return recording.when_failed(
            standing,
            ended.failure,
            fence=work.fence,
            now=now,
            jitter=jitter,
            patience=pace.patience,
        )
    if work.look_token is None:
        raise RuntimeError("a step ended in no known way")
    if ended.failure is not None:
        return recording.when_not_looked(
            standing, ended.failure, looked_as=work.look_token, now=now, patience=pace.patience
        )
    return recording.when_missing(
        standing, looked_as=work.look_token, now=now, jitter=jitter, patience=pace.patience
    )


def _write_deliveries(changes: list[tuple[Ended, Change]], *, now: datetime, pace: Pace) -> None:
    rows: list[JSON] = []
    for ended, change in changes:
        row = _delivery_row(ended.work.delivery_id, change, now=now, pace=pace)
        first = ended.work.parts[0]
        if ended.published is not None and first is ended.part:
            row["external_id"] = ended.published.external_id[:LONGEST_ID]
            row["url"] = ended.published.url[:LONGEST_URL]
        if change.standing.state == S.DELIVERED:
            row["proof"] = "read_back" if ended.work.is_doubt else "answer"
        rows.append(row)
    if rows:
        write_rows(_CHANGE, rows, now=now)
    if any(change.standing.state == S.DUE for _, change in changes):
        jobs.wake(DUE)


def _delivery_row(pk: int, change: Change, *, now: datetime, pace: Pace) -> dict[str, JSON]:
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
        "failure_detail": plain(after.failure_detail),
        "needs_person": after.needs_person,
        "stays_held": change.stays_held,
        "lease_until": _iso(now + timedelta(seconds=pace.lease_s)),
        "keeps_frozen": change.keeps_frozen,
    }


def _write_parts(changes: list[tuple[Ended, Change]], *, now: datetime) -> None:
    rows: list[JSON] = []
    for ended, change in changes:
        if ended.part is None:
            continue
        if ended.published is not None:
            rows.append(
                {
                    "id": ended.part.part_id,
                    "state": str(S.DELIVERED),
                    "external_id": ended.published.external_id[:LONGEST_ID],
                    "url": ended.published.url[:LONGEST_URL],
                    "facts": dict(ended.published.facts),
                }
            )
        elif change.part_is_due:
            rows.append(
                {
                    "id": ended.part.part_id,
                    "state": str(S.DUE),
                    "external_id": "",
                    "url": "",
                    "facts": {},
                }
            )
    if rows:
        write_rows(_CHANGE_PARTS, rows, now=now)


def _follow_up(changes: list[tuple[Ended, Change]], *, now: datetime) -> None:
    """Let a first comment follow what was delivered, as work of its own."""
    rows: list[JSON] = []
    for ended, change in changes:
        if change.standing.state != S.DELIVERED:
            continue
        connector = all_connectors().get(ended.work.platform)
        if connector is None or not connector.can(Capability.FIRST_COMMENT):
            continue
        first = ended.work.parts[0]
        published = ended.published if first is ended.part else first.published
        comment = threading.comment_after(ended.work.frozen, published) if published else None
        if comment is not None:
            rows.append({"id": ended.work.delivery_id, "outgoing": comment.to_json()})
    if rows:
        late_after = lateness.late_after(now, asked_at=now)
        write_rows(_FOLLOW, rows, now=now, late_after=late_after)
        jobs.wake(DUE)


def plain(text: str) -> str:
    """Return a detail as the database takes it: no zero bytes, and not endless."""
    return text.replace("\x00", "")[:LONGEST_DETAIL]


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _json(value: Any) -> dict[str, JSON]:
    """Return a jsonb column that a raw cursor gave, which Django leaves as text."""
    decoded = json.loads(value) if isinstance(value, str) else value
    return decoded if isinstance(decoded, dict) else {}
