"""Keep what is claimed within the platforms' quotas; one row for each quota, never one a call.

What is claimed is paid for in the same transaction, while the rows of its quotas are locked: so
workers that race share what is there. A try that ends in nothing stays paid.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from loa.channels.models import Channel
from loa.connectors.quotas import Quota, Scope, quotas_of
from loa.connectors.registry import all_connectors
from loa.kernel.json import JSON
from loa.publish.dispatcher.rows import Row, write_rows
from loa.publish.dispatcher.session import Cursor, lasting_cursor
from loa.publish.rules import quotas, sharing
from loa.publish.rules.quotas import Use
from loa.publish.rules.sharing import LATE_FROM, Asked, Shut

_BEGIN = """
INSERT INTO publish_quotause (key, workspace_id, channel_id, slices)
SELECT r.key, r.workspace_id, r.channel_id, '[]'
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (key text, workspace_id bigint, channel_id bigint)
ORDER BY r.key
ON CONFLICT (key) DO NOTHING
"""
_USE = """
UPDATE publish_quotause AS q
SET newest = r.newest, slices = r.slices, spreads = r.spreads, spread_from = r.spread_from,
    allowed = r.allowed
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    key text, newest bigint, slices jsonb, spreads boolean, spread_from timestamptz, allowed int
)
WHERE q.key = r.key
"""
_SHUT = """
INSERT INTO publish_channelturn (workspace_id, channel_id, bulk_from, urgent_from)
SELECT r.workspace_id, r.channel_id, r.bulk_from, r.urgent_from
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    workspace_id bigint, channel_id bigint, bulk_from timestamptz, urgent_from timestamptz
)
ON CONFLICT (channel_id) DO UPDATE
SET bulk_from = excluded.bulk_from, urgent_from = excluded.urgent_from
"""

_KEPT = """
SELECT key, newest, slices, spreads, spread_from, allowed FROM publish_quotause
WHERE key = ANY(%(keys)s::text[])
ORDER BY key
"""
# Locked in the order of their keys, so that two claims never wait for each other.
_LOCKED = f"{_KEPT} FOR UPDATE"

type Kept = dict[str, Use]


def key_of(quota: Quota, *, platform: str, origin: str, channel_id: int) -> str:
    """Return under which key the use of a channel's quota is kept."""
    if quota.scope is Scope.CHANNEL:
        return f"channel:{channel_id} {quota.name}"
    return f"{platform} {origin} {quota.name}"


def within_quotas(
    cursor: Cursor, rows: list[Row], *, drained: Collection[int], now: datetime
) -> list[Row]:
    """Return those of the picked `rows` that may go now; the channels of the others wait.

    drained: channels of which nothing more is due than these rows.
    """
    if not rows:
        return rows
    mine = {row["channel_id"]: _quotas_of(row) for row in _one_of_each_channel(rows)}
    asked = [_asked(row, now=now) for row in rows]
    if not any(mine.values()) and not any(one.late for one in asked):
        return rows
    uses = _locked(cursor, {key for pairs in mine.values() for key, _ in pairs}, rows, mine)
    shared = sharing.share(asked, mine, uses, drained=drained, now=now)
    write_uses(cursor, uses, shared.uses)
    workspaces = {row["channel_id"]: row["workspace_id"] for row in rows}
    _shut_channels(cursor, shared.shut, workspaces, now=now)
    taken = set(shared.taken)
    return [row for row in rows if row["id"] in taken]


def pay(channel: Channel, kind: str, *, now: datetime) -> datetime | None:
    """Pay for one change of what is live; return until when it must wait when nothing is left.

    kind: "edit" or "remove". It may use what is kept for the urgent.
    """
    cursor = lasting_cursor()
    mine, uses = _locked_of(cursor, channel)
    costs = {key: one.edit if kind == "edit" else one.delete for key, one in mine}
    waits = [
        quotas.free_at(quota, uses[key], costs[key], now=now)
        for key, quota in mine
        if quotas.left(quota, uses[key], now=now) < costs[key]
    ]
    if waits:
        return max(waits)
    after = {key: quotas.spend(one, uses[key], costs[key], now=now) for key, one in mine}
    write_uses(cursor, uses, after)
    return None


def look_from(channel: Channel, looks: int, *, now: datetime) -> datetime:
    """Return from when on `channel` may be asked so many questions; locks nothing.

    What is asked meanwhile by others is not seen: what a platform is asked is paid for afterwards,
    and what looking leaves untouched is more than any of them asks at once.
    """
    mine = _quotas_of(_row_of(channel))
    uses = read_uses(lasting_cursor(), [key for key, _ in mine], lock=False)
    return max(
        (quotas.look_from(one, uses.get(key, Use()), looks, now=now) for key, one in mine),
        default=now,
    )


def pay_looks(channel: Channel, looks: int, *, now: datetime) -> None:
    """Pay for so many questions that were asked."""
    if not looks:
        return
    cursor = lasting_cursor()
    mine, uses = _locked_of(cursor, channel)
    after = {key: quotas.spend(one, uses[key], one.look * looks, now=now) for key, one in mine}
    write_uses(cursor, uses, after)


def _locked_of(cursor: Cursor, channel: Channel) -> tuple[tuple[tuple[str, Quota], ...], Kept]:
    row = _row_of(channel)
    mine = _quotas_of(row)
    return mine, _locked(cursor, [key for key, _ in mine], [row], {channel.pk: mine})


def _row_of(channel: Channel) -> Row:
    return {
        "channel_id": channel.pk,
        "workspace_id": channel.workspace_id,
        "platform": channel.platform,
        "base_url": channel.base_url,
        "facts": channel.facts,
    }


def _one_of_each_channel(rows: list[Row]) -> Iterable[Row]:
    return {row["channel_id"]: row for row in rows}.values()


def _quotas_of(row: Row) -> tuple[tuple[str, Quota], ...]:
    connector = all_connectors()[row["platform"]]
    return tuple(
        (
            key_of(
                quota,
                platform=row["platform"],
                origin=row["base_url"],
                channel_id=row["channel_id"],
            ),
            quota,
        )
        for quota in quotas_of(connector.quotas, row["facts"])
    )


def _asked(row: Row, *, now: datetime) -> Asked:
    said = row["outgoing"]["document"] if row["outgoing"] else row["own"] or row["shared"]
    parts = said.get("parts") or [{}]
    meant = max(row["due_at"], row["scheduled_at"], row["ready_at"])
    is_half_out = row["outgoing"] is not None and row["after_id"] is None
    return Asked(
        delivery_id=row["id"],
        channel_id=row["channel_id"],
        urgent=row["urgent"],
        due_at=row["due_at"],
        parts=len(parts),
        media=sum(len(part.get("attachments") or ()) for part in parts),
        late=not is_half_out and now - meant > LATE_FROM,
    )


def _locked(
    cursor: Cursor,
    keys: Collection[str],
    rows: list[Row],
    mine: Mapping[int, tuple[tuple[str, Quota], ...]],
) -> Kept:
    """Return what is kept about the quotas, locked; what is asked for the first time begins."""
    found = read_uses(cursor, keys)
    fresh: dict[str, JSON] = {}
    for row in rows:
        for key, quota in mine[row["channel_id"]]:
            if key not in found and key not in fresh:
                own = quota.scope is Scope.CHANNEL
                fresh[key] = {
                    "key": key,
                    "workspace_id": row["workspace_id"] if own else None,
                    "channel_id": row["channel_id"] if own else None,
                }
    if not fresh:
        return found
    write_rows(cursor, _BEGIN, list(fresh.values()))
    return read_uses(cursor, keys)


def read_uses(cursor: Cursor, keys: Iterable[str], *, lock: bool = True) -> Kept:
    """Return what is kept about these quotas, locked unless it is only looked at."""
    asked = sorted(keys)
    if not asked:
        return {}
    cursor.execute(_LOCKED if lock else _KEPT, {"keys": asked})
    return {
        key: Use(newest, tuple(json.loads(slices)), spreads, spread_from, allowed)
        for key, newest, slices, spreads, spread_from, allowed in cursor.fetchall()
    }


def write_uses(cursor: Cursor, before: Kept, after: Kept) -> None:
    """Keep what changed."""
    rows: list[JSON] = [
        {
            "key": key,
            "newest": use.newest,
            "slices": list(use.slices),
            "spreads": use.spreads,
            "spread_from": use.spread_from.isoformat() if use.spread_from else None,
            "allowed": use.allowed,
        }
        for key, use in sorted(after.items())
        if before.get(key) != use
    ]
    write_rows(cursor, _USE, rows)


def _shut_channels(
    cursor: Cursor, shut: Mapping[int, Shut], workspaces: Mapping[int, int], *, now: datetime
) -> None:
    rows: list[JSON] = [
        {
            "workspace_id": workspaces[channel_id],
            "channel_id": channel_id,
            "bulk_from": (one.bulk_from or now).isoformat(),
            "urgent_from": one.urgent_from.isoformat() if one.urgent_from else None,
        }
        for channel_id, one in sorted(shut.items())
    ]
    write_rows(cursor, _SHUT, rows)
