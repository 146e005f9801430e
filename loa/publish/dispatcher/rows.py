"""Read due deliveries with all that sending needs, and write many rows with one statement."""

import json
from collections.abc import Sequence
from typing import Any

from loa.kernel.json import JSON
from loa.publish.dispatcher.session import Cursor
from loa.publish.models import Delivery

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_COLUMNS = {
    "id": "id",
    "fence": "fence",
    "workspace_id": "workspace_id",
    "channel_id": "channel_id",
    "post_id": "post_id",
    "after_id": "after_id",
    "key": "key",
    "outgoing": "outgoing",
    "due_at": "due_at",
    "ready_at": "ready_at",
    "scheduled_at": "scheduled_at",
    "late_after": "late_after",
    "urgent": "urgent",
    "tries": "tries",
    "unproven_since": "unproven_since",
    "platform": "channel__platform",
    "base_url": "channel__base_url",
    "facts": "channel__facts",
    "handle": "channel__handle",
    "limits": "channel__limits",
    "own": "variant__own",
    "shared": "post__shared",
    "language": "post__language",
    "campaign_id": "post__campaign_id",
    "campaign": "post__campaign__name",
    "utm_name": "post__campaign__utm_name",
    "deleted_at": "post__deleted_at",
    "approved": "post__approved_fingerprint",
    "approved_at": "post__approved_at",
    "review": "post__workspace__review_rule__mode",
    "good_for_days": "post__workspace__review_rule__good_for_days",
    "zone": "post__workspace__time_zone",
}

type Row = dict[str, Any]


def read_due(ids: list[int]) -> list[Row]:
    """Return the rows in the order in which they shall go out, with everything they need."""
    found = (
        Delivery.all_work.filter(pk__in=ids)
        .order_by("-urgent", "ready_at", "pk")
        .values_list(*_COLUMNS.values())
    )
    return [dict(zip(_COLUMNS, values, strict=True)) for values in found]


def write_rows(cursor: Cursor, statement: str, rows: Sequence[JSON], **values: Any) -> None:
    """Run a statement over `rows`, given to it as one JSON array named rows."""
    if rows:
        cursor.execute(statement, {"rows": _to_json(rows), **values})
