"""Write how steps ended: many at a time, each judged by its row as it stands now."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from loa.connectors.contract import Capability
from loa.connectors.registry import all_connectors
from loa.kernel.json import JSON
from loa.ops import live
from loa.publish.dispatcher.changes import delivery_row, hold_channels, write_changes
from loa.publish.dispatcher.evidence import attempt_row, write_attempts
from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.session import Cursor
from loa.publish.dispatcher.work import Ended
from loa.publish.rules import lateness, recording, threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.recording import Change, Standing
from loa.publish.rules.retries import Kind

_CHANGE_PARTS = """
UPDATE publish_deliverypart AS p
SET state = r.state, external_id = r.external_id, url = r.url, facts = r.facts,
    delivered_at = CASE WHEN r.state = 'delivered' THEN %(now)s::timestamptz END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id bigint, state text, external_id text, url text, facts jsonb
)
WHERE p.id = r.id AND p.id = ANY(%(ids)s::bigint[])
"""

_KEEP_UPLOADS = """
UPDATE publish_deliverypart AS p SET uploads = r.uploads
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, uploads jsonb)
WHERE p.id = r.id AND p.id = ANY(%(ids)s::bigint[])
"""

# A comment takes its post's place in the order: before the posts that waited behind it.
_FOLLOW = """
INSERT INTO publish_delivery (
    workspace_id, post_id, channel_id, after_id, key, state, due_at, ready_at, late_after,
    outgoing, scheduled_by_id, scheduled_at, urgent, fence, tries, clean_misses, needs_person,
    external_id, url, failure_code, failure_detail, proof
)
SELECT d.workspace_id, d.post_id, d.channel_id, d.id, gen_random_uuid(), 'due',
       %(now)s::timestamptz, least(d.ready_at, %(now)s::timestamptz),
       %(late_after)s::timestamptz,
       r.outgoing, d.scheduled_by_id, d.scheduled_at, false, 0, 0, 0, false, '', '', '', '', ''
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, outgoing jsonb)
JOIN publish_delivery d ON d.id = r.id
ON CONFLICT (after_id) WHERE after_id IS NOT NULL DO NOTHING
"""

LONGEST_ID, LONGEST_URL = 255, 1024


@dataclass(slots=True)
class Results:
    """What one transaction writes about ended steps. makes_due: something may be claimed."""

    deliveries: list[JSON] = field(default_factory=list)
    parts: dict[int, JSON] = field(default_factory=dict)
    uploads: dict[int, JSON] = field(default_factory=dict)
    comments: list[JSON] = field(default_factory=list)
    attempts: list[JSON] = field(default_factory=list)
    holds: dict[int, float] = field(default_factory=dict)
    news: set[tuple[int, int]] = field(default_factory=set)
    makes_due: bool = False


def judge(
    ended: Iterable[Ended], standings: dict[int, Standing], *, now: datetime, pace: Pace
) -> Results:
    """Return what follows from `ended` for rows that stand, locked, as `standings` say."""
    results = Results()
    for one in ended:
        work = one.work
        standing = standings.get(work.delivery_id)
        if standing is None:
            continue  # deleted with its workspace
        change = _change(one, standing, now=now, pace=pace)
        if not (one.let_go or (one.failure and one.failure.kind is Kind.NOT_READY)):
            results.attempts.append(attempt_row(one, was_late=change is None))
        if change is None:
            continue
        standings[work.delivery_id] = change.standing
        results.deliveries.append(_delivery_row(one, change, now=now, pace=pace))
        results.news.add((work.workspace_id, work.delivery_id))
        results.makes_due |= change.standing.state == S.DUE
        if change.hold_s:
            results.holds[work.channel_id] = change.hold_s
        if one.part is not None and (one.published is not None or change.part_is_due):
            results.parts[one.part.part_id] = _part_row(one, one.part.part_id)
        if one.part is not None and one.uploads is not None:
            row: JSON = {"id": one.part.part_id, "uploads": one.uploads}
            results.uploads[one.part.part_id] = row
        comment = _comment(one) if change.standing.state == S.DELIVERED else None
        if comment is not None:
            results.comments.append(comment)
            results.makes_due = True
    return results


def write_results(open_cursor: Callable[[], Cursor], results: Results, *, now: datetime) -> None:
    """Write them."""
    cursor = open_cursor()
    write_changes(cursor, results.deliveries, now=now)
    parts = list(results.parts.values())
    write_rows(cursor, _CHANGE_PARTS, parts, now=now, ids=list(results.parts))
    uploads = list(results.uploads.values())
    write_rows(cursor, _KEEP_UPLOADS, uploads, ids=list(results.uploads))
    late_after = lateness.late_after(now, asked_at=now)
    write_rows(cursor, _FOLLOW, results.comments, now=now, late_after=late_after)
    write_attempts(cursor, results.attempts, now=now)
    hold_channels(cursor, results.holds, now=now)
    live.announce_all(results.news, topic="delivery", cursor=cursor)


def _change(ended: Ended, standing: Standing, *, now: datetime, pace: Pace) -> Change | None:
    work, jitter = ended.work, random.random()  # noqa: S311 - it spreads retries, nothing else
    if ended.published is not None:
        return recording.when_live(standing, fence=work.fence, more=ended.more, now=now)
    if ended.let_go:
        return recording.when_let_go(standing, fence=work.fence)
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


def _delivery_row(ended: Ended, change: Change, *, now: datetime, pace: Pace) -> JSON:
    lease = timedelta(seconds=pace.lease_s)
    row = delivery_row(ended.work.delivery_id, change, now=now, lease=lease)
    if ended.published is not None and ended.work.parts[0] is ended.part:
        row["external_id"] = ended.published.external_id[:LONGEST_ID]
        row["url"] = ended.published.url[:LONGEST_URL]
    if change.standing.state == S.DELIVERED:
        row["proof"] = "read_back" if ended.work.is_doubt else "answer"
    return row


def _part_row(ended: Ended, part_id: int) -> JSON:
    published = ended.published
    return {
        "id": part_id,
        "state": str(S.DELIVERED if published else S.DUE),
        "external_id": published.external_id[:LONGEST_ID] if published else "",
        "url": published.url[:LONGEST_URL] if published else "",
        "facts": dict(published.facts) if published else {},
    }


def _comment(ended: Ended) -> JSON:
    """Return the first comment that follows what was delivered, as work of its own."""
    if not ended.work.frozen.document.first_comment:
        return None
    connector = all_connectors().get(ended.work.platform)
    if connector is None or not connector.can(Capability.FIRST_COMMENT):
        return None
    first = ended.work.parts[0]
    published = ended.published if first is ended.part else first.published
    comment = threading.comment_after(ended.work.frozen, published) if published else None
    if comment is None:
        return None
    return {"id": ended.work.delivery_id, "outgoing": comment.to_json()}
