"""Find what dead workers left. Nothing is taken from a worker that still holds its lock."""

import random
from collections.abc import Collection
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
from loa.publish.dispatcher.evidence import lost_with_its_worker, write_attempts
from loa.publish.dispatcher.pace import Pace
from loa.publish.models import Delivery
from loa.publish.rules import recording
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.recording import Change

_OWNERS = """
SELECT DISTINCT worker FROM publish_delivery
WHERE state IN ('claimed', 'sending') AND worker <> %s
"""
_LEFT_BY = """
SELECT id FROM publish_delivery
WHERE state IN ('claimed', 'sending') AND worker = %s FOR UPDATE SKIP LOCKED
"""
_EXPIRED_CLAIMS = """
SELECT id FROM publish_delivery
WHERE state = 'claimed' AND lease_until < %s AND worker IS NOT NULL FOR UPDATE SKIP LOCKED
"""
_DROPPED = """
SELECT id FROM publish_delivery
WHERE state = 'sending' AND worker = %s AND lease_until < %s AND NOT id = ANY(%s)
FOR UPDATE SKIP LOCKED
"""


def sweep(*, now: datetime, worker: int, in_hand: Collection[int], pace: Pace) -> int:
    """Free what dead workers held and what claims ran out on; return how many rows moved.

    in_hand: what this worker itself is busy with. A sending row whose owner lives is left
    alone, however late: the owner may be frozen and its answer still come.
    """
    moved = 0
    with fence.everywhere("see who holds deliveries"), connection.cursor() as cursor:
        cursor.execute(_OWNERS, [worker])
        owners = [row[0] for row in cursor.fetchall()]
    for owner in owners:
        with fence.everywhere("take over from a dead worker"):
            if is_dead(owner):
                moved += _free(_ids(_LEFT_BY, owner), now=now, pace=pace)
    with fence.everywhere("free claims that ran out"):
        moved += _free(_ids(_EXPIRED_CLAIMS, now), now=now, pace=pace)
        moved += _free(_ids(_DROPPED, worker, now, list(in_hand)), now=now, pace=pace)
    return moved


def is_dead(owner: int) -> bool:
    """Say whether the owner's lock can be had; it is given back with this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [owner])
        row = cursor.fetchone()
    return bool(row and row[0])


def _ids(statement: str, *values: object) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))  # type: ignore[arg-type]  # plain values
        return [row[0] for row in cursor.fetchall()]


def _free(ids: list[int], *, now: datetime, pace: Pace) -> int:
    if not ids:
        return 0
    cursor = connection.cursor()
    ask_standings(cursor, ids)
    standings = read_standings(cursor)
    changes: dict[int, Change] = {}
    for pk, standing in standings.items():
        change = recording.when_owner_died(
            standing,
            now=now,
            jitter=random.random(),  # noqa: S311 - it spreads tries, nothing else
            patience=pace.patience,
        )
        if change is not None:
            changes[pk] = change
    lease = timedelta(seconds=pace.lease_s)
    decided = [delivery_row(pk, change, now=now, lease=lease) for pk, change in changes.items()]
    write_changes(cursor, decided, now=now)
    workspaces = dict(Delivery.all_work.filter(pk__in=changes).values_list("pk", "workspace_id"))
    lost: list[JSON] = [
        lost_with_its_worker(
            workspace_id=workspaces[pk],
            delivery_id=pk,
            began_at=standings[pk].sending_at or now,
        )
        for pk in changes
        if standings[pk].state == S.SENDING
    ]
    write_attempts(cursor, lost, now=now)
    live.announce_all([(workspaces[pk], pk) for pk in changes], topic="delivery")
    jobs.wake(DUE)
    return len(changes)
