"""Look at due deliveries once more: approved, in time, with the rights, not doubtful."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from loa.connectors import registry
from loa.connectors.contract import Idempotency
from loa.connectors.idempotency import idempotency_of
from loa.content.models import Variant
from loa.content.rules import approval
from loa.content.rules.document import Document, document_from_json, fingerprint
from loa.kernel.json import JSON
from loa.publish.dispatcher.rights import without_rights
from loa.publish.dispatcher.rows import Row, document_of, write_rows
from loa.publish.dispatcher.session import Cursor
from loa.publish.rules import lateness
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.retries import key_lives

_PUT_ASIDE = """
UPDATE publish_delivery AS d
SET state = r.state, failure_code = r.code, failure_detail = '',
    needs_person = (r.state = 'failed'),
    look_at = CASE WHEN r.state = 'uncertain' THEN %(now)s::timestamptz ELSE NULL END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint, state text, code text)
WHERE d.id = r.id
"""


@dataclass(frozen=True, slots=True)
class Aside:
    """A due delivery that shall not be sent: where it goes instead, and why."""

    delivery_id: int
    workspace_id: int
    state: S
    code: str


def to_put_aside(rows: list[Row], *, now: datetime) -> list[Aside]:
    """Return those of the picked `rows` that must not be sent as they are."""
    aside = [one for one in (_aside(row, now=now) for row in rows) if one is not None]
    _refuse_unapproved(rows, aside, now=now)
    _refuse_without_rights(rows, aside, now=now)
    return aside


def put_aside(cursor: Cursor, aside: list[Aside], *, now: datetime) -> None:
    """Write where the rows of `aside` go instead."""
    rows: list[JSON] = [
        {"id": one.delivery_id, "state": str(one.state), "code": one.code} for one in aside
    ]
    write_rows(cursor, _PUT_ASIDE, rows, now=now)


def _aside(row: Row, *, now: datetime) -> Aside | None:
    """Return where a due delivery goes when it must not be sent as it is; None when it may."""
    begun = row["outgoing"] is not None
    unproven = row["unproven_since"]
    code = ""
    state = S.FAILED
    if unproven is not None and not _may_repeat(row, unproven, now=now):
        state, code = S.UNCERTAIN, "key.expired"
    elif row["platform"] not in registry.all_connectors():
        code = "channel.no_connector"
    elif not begun and row["deleted_at"] is not None:
        state = S.CANCELLED
    elif not begun and document_of(row).is_empty:
        code = "post.empty"
    elif unproven is None and lateness.is_missed(
        row["late_after"], now=now, has_live_parts=begun and row["after_id"] is None
    ):
        code = "late.missed"
    else:
        return None
    return Aside(row["id"], row["workspace_id"], state, code)


def _may_repeat(row: Row, unproven_since: datetime, *, now: datetime) -> bool:
    """Say whether a try whose end is unknown may be repeated: only under a living native key."""
    connector = registry.all_connectors().get(row["platform"])
    if connector is None:
        return False
    if idempotency_of(connector, row["facts"]) is not Idempotency.NATIVE_KEY:
        return False
    return key_lives(
        unproven_for_s=(now - unproven_since).total_seconds(),
        key_lives_s=connector.native_key_lives_s,
    )


def _refuse_unapproved(rows: list[Row], aside: list[Aside], *, now: datetime) -> None:
    """Add what the review rule no longer lets out. What is begun was approved as it is frozen."""
    left = {one.delivery_id for one in aside}
    asked = [
        row
        for row in rows
        if row["review"] not in {None, "none"} and row["outgoing"] is None and row["id"] not in left
    ]
    if not asked:
        return
    prints = _fingerprints({row["post_id"] for row in asked})
    for row in asked:
        if not approval.may_go_out(
            rule_mode=row["review"],
            approved_fingerprint=row["approved"],
            fingerprint=prints[row["post_id"]],
        ):
            refused = Aside(row["id"], row["workspace_id"], S.FAILED, "review.not_approved")
            aside.append(refused)
        elif approval.has_ended(
            row["approved_at"],
            rule_mode=row["review"],
            good_for_days=row["good_for_days"],
            now=now,
        ):
            aside.append(Aside(row["id"], row["workspace_id"], S.FAILED, "review.ended"))


def _refuse_without_rights(rows: list[Row], aside: list[Aside], *, now: datetime) -> None:
    """Add what shows a picture, or a person, that may no longer be shown."""
    left = {one.delivery_id for one in aside}
    for row, code in without_rights((row for row in rows if row["id"] not in left), now=now):
        aside.append(Aside(row["id"], row["workspace_id"], S.FAILED, code))


def _fingerprints(post_ids: Collection[int]) -> dict[int, str]:
    said: dict[int, list[tuple[int, Document]]] = defaultdict(list)
    variants = Variant.objects.filter(post_id__in=post_ids).values_list(
        "post_id", "channel_id", "own", "post__shared"
    )
    for post_id, channel_id, own, shared in variants:
        said[post_id].append((channel_id, document_from_json(shared if own is None else own)))
    return {post_id: fingerprint(documents) for post_id, documents in said.items()}
