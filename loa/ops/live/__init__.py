"""Tell open pages that something changed, without their asking.

An action calls `announce` in its transaction. When that commits, PostgreSQL notifies every web
process, and each passes the news to the pages that show the workspace. News name what
changed, never its content: a page fetches that with its own rights.
"""

import json
from collections.abc import Iterable

from django.db import connection

CHANNEL = "loa_live"


def announce(*, workspace_id: int, topic: str, subject_id: int) -> None:
    """Tell the open pages of a workspace, once this transaction commits, to look again.

    topic: what kind of thing changed, such as "delivery"; subject_id: which one.
    """
    announce_all([(workspace_id, subject_id)], topic=topic)


def announce_all(changed: Iterable[tuple[int, int]], *, topic: str) -> None:
    """Announce many changes at once, each as (workspace id, subject id)."""
    news = [
        json.dumps({"workspace": workspace_id, "topic": topic, "id": subject_id})
        for workspace_id, subject_id in changed
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, one) FROM unnest(%s::text[]) AS one", [CHANNEL, news])


__all__ = ["CHANNEL", "announce", "announce_all"]
