"""Claim picked deliveries: what they say is frozen, keys and references are chosen and kept."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import batched

from loa.connectors import registry
from loa.connectors.contract import Limits
from loa.content.actions.links import keep_links
from loa.content.queries.links import Stand, going_as, going_rules
from loa.content.rules.document import Document
from loa.content.rules.outgoing import Going, GoingLink, GoingRule
from loa.kernel.json import JSON
from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import Row, document_of, write_rows
from loa.publish.dispatcher.session import Cursor, lasting_cursor, together
from loa.publish.dispatcher.work import HeldPart, Work
from loa.publish.models import DeliveryPart
from loa.publish.rules import threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.threading import Frozen

_PORTION = 100

# By delivery and position: the key and the reference that were chosen for a part.
type Chosen = dict[tuple[int, int], tuple[str, str]]

_TAKE = """
UPDATE publish_delivery AS d
SET state = 'claimed', fence = d.fence + 1, worker = %(worker)s::bigint,
    claimed_at = %(now)s::timestamptz, lease_until = %(lease)s::timestamptz, outgoing = r.outgoing
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, outgoing jsonb)
WHERE d.id = r.id
"""

_FREEZE_PARTS = """
INSERT INTO publish_deliverypart
    (workspace_id, delivery_id, position, state, key, reference, external_id, url, facts)
SELECT r.workspace_id, r.delivery_id, r.position, 'due', r.key, r.reference, '', '', '{}'
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    workspace_id bigint, delivery_id bigint, position int, key text, reference text
)
ON CONFLICT (delivery_id, position) DO UPDATE
SET state = 'due', key = excluded.key, reference = excluded.reference, staged = NULL,
    sending_at = NULL
RETURNING id, delivery_id, position, uploads
"""

_FORGET_PARTS = """
DELETE FROM publish_deliverypart AS p
USING jsonb_to_recordset(%(rows)s::jsonb) AS r (delivery_id bigint, parts int)
WHERE p.delivery_id = r.delivery_id AND p.position >= r.parts
"""


def freeze(
    cursor: Cursor, rows: list[Row], *, now: datetime, worker: int, pace: Pace
) -> list[Work]:
    """Claim locked `rows` for `worker` and return them as work."""
    if not rows:
        return []
    fresh = [row for row in rows if row["outgoing"] is None]
    going = _going_documents(fresh, now=now)
    parts = _kept_parts(cursor, rows, fresh)
    lease = now + timedelta(seconds=pace.lease_s)
    works: list[Work] = []
    asked: list[tuple[Cursor, Chosen]] = []
    # The database writes one portion while the next is made up here.
    with together():
        for portion in batched(rows, _PORTION):
            frozen = {row["id"]: _frozen(row, going.get(row["id"]), now=now) for row in portion}
            taken: list[JSON] = [
                {"id": row["id"], "outgoing": row["outgoing"] or frozen[row["id"]].to_json()}
                for row in portion
            ]
            write_rows(lasting_cursor(), _TAKE, taken, worker=worker, now=now, lease=lease)
            own = lasting_cursor()
            fresh_here = [row for row in portion if row["outgoing"] is None]
            asked.append((own, _ask_for_parts(own, fresh_here, frozen)))
            works += [_work(row, frozen[row["id"]]) for row in portion]
        for own, chosen in asked:
            parts |= _read_parts(own, chosen)
    for work in works:
        work.parts = parts[work.delivery_id]
    return works


def _work(row: Row, frozen: Frozen) -> Work:
    return Work(
        delivery_id=row["id"],
        fence=row["fence"] + 1,
        workspace_id=row["workspace_id"],
        channel_id=row["channel_id"],
        platform=row["platform"],
        origin=row["base_url"],
        urgent=row["urgent"],
        frozen=frozen,
        parts=[],
        due_at=row["due_at"],
        tries=row["tries"],
    )


def _frozen(row: Row, going: Document | None, *, now: datetime) -> Frozen:
    if row["outgoing"] is not None:
        return threading.frozen_from_json(row["outgoing"])
    return Frozen(going or document_of(row), row["language"], created_at=now)


def _going_documents(rows: list[Row], *, now: datetime) -> dict[int, Document]:
    """Return, by delivery, what goes out where the workspace's rule changes links.

    Tracked links are made in this transaction: a code is never published without its row. They
    follow from the post, so a claim that is repeated finds them instead of making others.
    """
    ruling = {row["workspace_id"] for row in rows if row["changes_links"]}
    rules = going_rules(ruling) if ruling else {}
    ruled = {row["id"]: row for row in rows if row["workspace_id"] in rules}
    stands = {key: _stand(row) for key, row in ruled.items()}
    going = {key: _going(row, rules, stands[key]) for key, row in ruled.items()}
    wanted: list[tuple[Stand, GoingLink, int | None]] = [
        (stands[key], link, ruled[key]["campaign_id"])
        for key, one in going.items()
        for link in one.links
    ]
    taken = keep_links(wanted, now=now)
    for stand in {stand for stand, _part, _target in taken}:
        codes = {(part, to): code for (at, part, to), code in taken.items() if at == stand}
        for key in [key for key, one in stands.items() if one == stand]:
            going[key] = _going(ruled[key], rules, stand, codes)
    return {key: one.document for key, one in going.items()}


def _stand(row: Row) -> Stand:
    return Stand(
        workspace_id=row["workspace_id"],
        channel_id=row["channel_id"],
        platform=row["platform"],
        handle=row["handle"],
        post_id=row["post_id"],
        campaign=row["utm_name"] or row["campaign"] or "",
    )


def _going(
    row: Row,
    rules: dict[int, GoingRule],
    stand: Stand,
    codes: dict[tuple[int, str], str] | None = None,
) -> Going:
    limits = row["limits"]
    return going_as(
        document_of(row),
        rules[row["workspace_id"]],
        limits=Limits.from_json(limits) if limits else registry.connector(row["platform"]).limits,
        stand=stand,
        codes=codes,
    )


def _ask_for_parts(cursor: Cursor, rows: list[Row], frozen: dict[int, Frozen]) -> Chosen:
    """Choose key and reference of every part, and keep them before anything is sent."""
    chosen: Chosen = {}
    wanted: list[JSON] = []
    for row in rows:
        reserve = registry.connector(row["platform"]).reserve
        for position in range(len(frozen[row["id"]].document.parts)):
            key = threading.part_key(row["key"], position)
            out = threading.outgoing_part(frozen[row["id"]], position, key=key)
            chosen[row["id"], position] = (key, reserve(out))
            wanted.append(
                {
                    "workspace_id": row["workspace_id"],
                    "delivery_id": row["id"],
                    "position": position,
                    "key": key,
                    "reference": chosen[row["id"], position][1],
                }
            )
    _forget_further_parts(lasting_cursor(), rows, frozen)
    write_rows(cursor, _FREEZE_PARTS, wanted)
    return chosen


def _read_parts(cursor: Cursor, chosen: Chosen) -> dict[int, list[HeldPart]]:
    """Return the parts that were asked for with this cursor."""
    parts: dict[int, list[HeldPart]] = defaultdict(list)
    for part_id, delivery_id, position, uploads in cursor.fetchall() if chosen else ():
        key, reference = chosen[delivery_id, position]
        part = HeldPart(part_id, position, key, reference, uploads=_read(uploads))
        parts[delivery_id].append(part)
    return {pk: sorted(found, key=lambda part: part.position) for pk, found in parts.items()}


def _read(stored: JSON) -> JSON:
    """Return JSON as a bare cursor gives it."""
    read: JSON = json.loads(stored) if isinstance(stored, str) else stored
    return read


def _forget_further_parts(cursor: Cursor, rows: list[Row], frozen: dict[int, Frozen]) -> None:
    """Delete parts of an earlier, longer thread of which nothing was sent."""
    again: list[JSON] = [
        {"delivery_id": row["id"], "parts": len(frozen[row["id"]].document.parts)}
        for row in rows
        if row["fence"]
    ]
    write_rows(cursor, _FORGET_PARTS, again)


def _kept_parts(cursor: Cursor, rows: list[Row], fresh: list[Row]) -> dict[int, list[HeldPart]]:
    """Return the parts of what was frozen by an earlier claim, with what is live of them."""
    kept = {row["id"] for row in rows} - {row["id"] for row in fresh}
    if not kept:
        return {}
    parts: dict[int, list[HeldPart]] = defaultdict(list)
    by_id = {row["id"]: row for row in rows}
    for part in DeliveryPart.objects.filter(delivery_id__in=kept):
        if part.state != S.DELIVERED and not part.reference:
            _reserve_again(part, by_id[part.delivery_id])
        parts[part.delivery_id].append(held(part))
    in_order = {pk: sorted(found, key=lambda part: part.position) for pk, found in parts.items()}
    # A first comment is frozen by the delivery before it, its part is made here.
    unmade = [row for row in rows if row["id"] in kept and row["id"] not in parts]
    frozen = {row["id"]: threading.frozen_from_json(row["outgoing"]) for row in unmade}
    return in_order | _read_parts(cursor, _ask_for_parts(cursor, unmade, frozen))


def _reserve_again(part: DeliveryPart, row: Row) -> None:
    """Choose a reference for a part that a person sends again under a fresh key."""
    frozen = threading.frozen_from_json(row["outgoing"])
    out = threading.outgoing_part(frozen, part.position, key=part.key)
    part.reference = registry.connector(row["platform"]).reserve(out)
    part.save(update_fields=["reference"])


def held(part: DeliveryPart) -> HeldPart:
    """Return a part as this worker holds it."""
    published = None
    if part.state == S.DELIVERED:
        published = threading.published_from_json(
            {"external_id": part.external_id, "url": part.url, "facts": part.facts}
        )
    return HeldPart(
        part.pk,
        part.position,
        part.key,
        part.reference,
        staged=part.staged,
        uploads=part.uploads,
        published=published,
    )
