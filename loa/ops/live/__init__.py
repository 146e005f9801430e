"""Tell open pages that something changed, without their asking.

An action calls `announce` in its transaction. When that commits, PostgreSQL notifies every web
process, and each passes the news to the pages that show the workspace. News name what
changed, never its content: a page fetches that with its own rights.
"""

import json

from django.db import connection

CHANNEL = "loa_live"


def announce(*, workspace_id: int, topic: str, subject_id: int) -> None:
    """Tell the open pages of a workspace, once this transaction commits, to look again.

    topic: what kind of thing changed, such as "delivery"; subject_id: which one.
    """
    news = json.dumps({"workspace": workspace_id, "topic": topic, "id": subject_id})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, news])


__all__ = ["CHANNEL", "announce"]
