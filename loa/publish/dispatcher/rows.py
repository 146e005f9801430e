"""Read due deliveries with all that sending needs, and write many rows with one statement."""

import json
from collections.abc import Sequence
from typing import Any

from loa.content.rules.document import Document, document_from_json
from loa.kernel.json import JSON
from loa.publish.dispatcher.session import Cursor

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_from_json = json.JSONDecoder().raw_decode

# The deliveries come first, by themselves: behind the fence the planner believes that a
# workspace has few posts, and would rather read all of them.
_DUE = """
WITH d AS MATERIALIZED (
    SELECT id, fence, workspace_id, channel_id, post_id, variant_id, after_id, key, outgoing,
           due_at, ready_at, scheduled_at, late_after, urgent, tries, unproven_since
    FROM publish_delivery WHERE id = ANY(%(ids)s::bigint[])
)
SELECT d.id, d.fence, d.workspace_id, d.channel_id, d.post_id, d.after_id, d.key::text,
       d.outgoing::text,
       d.due_at, d.ready_at, d.scheduled_at, d.late_after, d.urgent, d.tries, d.unproven_since,
       c.platform, c.base_url, c.facts::text, c.handle, c.limits::text,
       v.own::text, p.shared::text, p.language, p.campaign_id, p.deleted_at,
       p.approved_fingerprint, p.approved_at,
       g.name, g.utm_name, r.mode, r.good_for_days,
       coalesce(l.marks OR l.tracks, false), w.time_zone
FROM d
JOIN channels_channel c ON c.id = d.channel_id
JOIN content_post p ON p.id = d.post_id
JOIN workspace_workspace w ON w.id = d.workspace_id
LEFT JOIN content_variant v ON v.id = d.variant_id
LEFT JOIN content_campaign g ON g.id = p.campaign_id
LEFT JOIN content_reviewrule r ON r.workspace_id = d.workspace_id
LEFT JOIN content_linkrule l ON l.workspace_id = d.workspace_id
ORDER BY d.urgent DESC, d.ready_at, d.id
"""
_NAMES = (
    *("id", "fence", "workspace_id", "channel_id", "post_id", "after_id", "key", "outgoing"),
    *("due_at", "ready_at", "scheduled_at", "late_after", "urgent", "tries", "unproven_since"),
    *("platform", "base_url", "facts", "handle", "limits"),
    *("own", "shared", "language", "campaign_id", "deleted_at"),
    *("approved", "approved_at"),
    *("campaign", "utm_name", "review", "good_for_days"),
    *("changes_links", "zone"),
)
_JSON = ("outgoing", "facts", "limits", "own", "shared")

type Row = dict[str, Any]


def ask_for_due(cursor: Cursor, ids: Sequence[int]) -> None:
    """Ask for the deliveries `ids` with everything that sending needs."""
    cursor.execute(_DUE, {"ids": ids}, binary=True)  # for the times: text would be read by Python


def read_due(cursor: Cursor) -> list[Row]:
    """Return what was asked for with this cursor, in the order in which it shall go out."""
    read: dict[str, JSON] = {}  # the rows of a channel say the same about it
    rows: list[Row] = []
    for values in cursor.fetchall():
        row = dict(zip(_NAMES, values, strict=True))
        for name in _JSON:
            text = row[name]
            if text is not None:
                if text not in read:
                    read[text] = _from_json(text)[0]
                row[name] = read[text]
        rows.append(row)
    return rows


def document_of(row: Row) -> Document:
    """Return what a row that is not yet frozen says now."""
    found: Document | None = row.get("document")
    if found is None:
        said = row["own"] if row["own"] is not None else row["shared"]
        found = row["document"] = document_from_json(said)
    return found


def write_rows(cursor: Cursor, statement: str, rows: Sequence[JSON], **values: Any) -> None:
    """Run a statement over `rows`, given to it as one JSON array named rows."""
    if rows:
        cursor.execute(statement, {"rows": _to_json(rows), **values})
