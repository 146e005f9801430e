"""Take uncertain deliveries whose time has come: send again under their key, look, or ask."""

import random
from datetime import datetime, timedelta

from django.db import connection

from loa.kernel.json import JSON
from loa.ops import fence, jobs, live
from loa.publish.actions.telling import DUE
from loa.publish.dispatcher.changes import (
    ask_standings,
    delivery_row,
    read_standings,
    write_changes,
)
from loa.publish.dispatcher.freezing import held
from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import write_rows
from loa.publish.dispatcher.work import Work
from loa.publish.models import Delivery
from loa.publish.rules import recording, threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.recording import Change

MOST_AT_ONCE = 50

_DOUBTS = """
SELECT id FROM publish_delivery
WHERE state = 'uncertain' AND look_at <= %s
ORDER BY look_at, id LIMIT %s
FOR UPDATE SKIP LOCKED
"""
_LOOKING = "UPDATE publish_delivery SET look_at = %s WHERE id = ANY(%s)"
_PARTS_DUE = """
UPDATE publish_deliverypart AS p SET state = 'due'
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id bigint)
WHERE p.delivery_id = r.id AND p.state = 'sending'
"""


def claim_doubts(*, now: datetime, pace: Pace) -> list[Work]:
    """Settle what can be settled without asking the platform; return what is to be looked up."""
    with fence.everywhere("settle uncertain deliveries"):
        cursor = connection.cursor()
        cursor.execute(_DOUBTS, [now, MOST_AT_ONCE])
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return []
        ask_standings(cursor, ids)
        changes: dict[int, Change] = {}
        to_look = []
        for pk, standing in read_standings(cursor).items():
            change = recording.settle(
                standing,
                now=now,
                jitter=random.random(),  # noqa: S311 - it spreads tries, nothing else
                patience=pace.patience,
            )
            look_at = change.standing.look_at
            if change.standing.state == S.UNCERTAIN and look_at is not None and look_at <= now:
                to_look.append(pk)
            else:
                changes[pk] = change
        _write(changes, now=now, pace=pace)
        # Whoever looks has it alone for a lease. A look that takes longer is repeated by somebody
        # else, which is harmless: what it finds is welcome, what it misses no longer counts.
        return _to_look_up(to_look, until=now + timedelta(seconds=pace.lease_s))


def _write(changes: dict[int, Change], *, now: datetime, pace: Pace) -> None:
    cursor, lease = connection.cursor(), timedelta(seconds=pace.lease_s)
    decided = [delivery_row(pk, change, now=now, lease=lease) for pk, change in changes.items()]
    write_changes(cursor, decided, now=now)
    rows: list[JSON] = [{"id": pk} for pk, change in changes.items() if change.part_is_due]
    write_rows(cursor, _PARTS_DUE, rows)
    workspaces = Delivery.all_work.filter(pk__in=changes).values_list("workspace_id", "pk")
    live.announce_all(workspaces, topic="delivery")
    if any(change.standing.state == S.DUE for change in changes.values()):
        jobs.wake(DUE)


def _to_look_up(ids: list[int], *, until: datetime) -> list[Work]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOOKING, [until, ids])
    deliveries = (
        Delivery.all_work.filter(pk__in=ids)
        .select_related("channel")
        .prefetch_related("parts")
        .order_by("due_at", "pk")
    )
    return [work_of(delivery, look_token=until) for delivery in deliveries]


def work_of(delivery: Delivery, *, look_token: datetime | None) -> Work:
    """Return a delivery that is not claimed as work, with its channel and parts."""
    return Work(
        delivery_id=delivery.pk,
        fence=delivery.fence,
        workspace_id=delivery.workspace_id,
        channel_id=delivery.channel_id,
        platform=delivery.channel.platform,
        origin=delivery.channel.base_url,
        urgent=False,
        frozen=threading.frozen_from_json(delivery.outgoing or {}),
        parts=sorted(map(held, delivery.parts.all()), key=lambda part: part.position),
        due_at=delivery.due_at,
        tries=delivery.tries,
        look_token=look_token,
    )
