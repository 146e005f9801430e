"""Tell open pages that something changed, without their asking.

An action calls `announce` in its transaction. When that commits, PostgreSQL notifies every web
process, and each passes the news to the pages that show the workspace. News name what
changed, never its content: a page fetches that with its own rights.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

CHANNEL = "loa_live"
EVERYTHING = "everything"  # the topic of "anything may have changed, look again"


def announce(*, workspace_id: int, topic: str, subject_id: int) -> None:
    """Tell the open pages of a workspace, once this transaction commits, to look again.

    topic: what kind of thing changed, such as "delivery"; subject_id: which one.
    """
    announce_all([(workspace_id, subject_id)], topic=topic)


def announce_all(changed: Iterable[tuple[int, int]], *, topic: str, cursor: Any = None) -> None:
    """Announce many changes at once, each as (workspace id, subject id).

    cursor: of the transaction to do it in, when that is not Django's own.
    """
    news = [
        json.dumps({"workspace": workspace_id, "topic": topic, "id": subject_id})
        for workspace_id, subject_id in changed
    ]
    if news:
        (cursor or connection.cursor()).execute(
            "SELECT pg_notify(%s::text, one) FROM unnest(%s::text[]) AS one", [CHANNEL, news]
        )


__all__ = ["CHANNEL", "EVERYTHING", "announce", "announce_all"]
