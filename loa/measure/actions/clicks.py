"""Count clicks without a write per click: added up in memory, written every few seconds.

A process that is killed loses what it counted since the last write, a few seconds of clicks.
"""

import json
import logging
import threading
from datetime import date

from django.db import DatabaseError, connection

from loa.measure.rules.clicks import Book, Count
from loa.ops import fence, live

log = logging.getLogger(__name__)

WRITE_EVERY_S = 5.0

# Links that were deleted meanwhile are left out; a row per link and day, however many clicks.
_ADD = """
INSERT INTO measure_linkday
    (workspace_id, link_id, clicked_on, clicks, visitors, robots, is_partial)
SELECT l.workspace_id, r.link_id, r.clicked_on, r.clicks, r.visitors, r.robots, r.is_partial
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    link_id bigint, clicked_on date, clicks int, visitors int, robots int, is_partial boolean
)
JOIN content_link l ON l.id = r.link_id
ORDER BY r.link_id, r.clicked_on
ON CONFLICT (link_id, clicked_on) DO UPDATE
SET clicks = measure_linkday.clicks + excluded.clicks,
    visitors = measure_linkday.visitors + excluded.visitors,
    robots = measure_linkday.robots + excluded.robots,
    is_partial = measure_linkday.is_partial OR excluded.is_partial
"""

_book = Book()
_lock = threading.Lock()


class Writer:
    """Writes what was counted every few seconds, in a thread, until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="clicks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write the rest and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=WRITE_EVERY_S)

    def _run(self) -> None:
        while not self._stopping.wait(WRITE_EVERY_S):
            _try_to_write()
        _try_to_write()
        connection.close()


def count_click(link_id: int, *, workspace_id: int, on: date, visitor: str, robot: bool) -> None:
    """Count one request for a link on a local day; see Book.add."""
    with _lock:
        _book.add(link_id, workspace_id=workspace_id, on=on, visitor=visitor, robot=robot)


def write_clicks() -> int:
    """Write what this process counted; return how many links and days it was about.

    Raises DatabaseError, and then the counts are kept for the next time.
    """
    with _lock:
        taken = _book.take()
        dropped, _book.dropped = _book.dropped, 0
    if dropped:
        log.warning("clicks that found no room were not counted: %s", dropped)
    if not taken:
        return 0
    try:
        _add(taken)
    except DatabaseError:
        with _lock:
            _book.put_back(taken)
        raise
    return len(taken)


def _add(counts: list[Count]) -> None:
    rows = [
        {
            "link_id": one.link_id,
            "clicked_on": one.clicked_on.isoformat(),
            "clicks": one.clicks,
            "visitors": one.visitors,
            "robots": one.robots,
            "is_partial": one.is_partial,
        }
        for one in counts
    ]
    with fence.everywhere("add up the clicks of all links"), connection.cursor() as cursor:
        cursor.execute(_ADD, {"rows": json.dumps(rows)})
        for workspace_id in sorted({one.workspace_id for one in counts}):
            live.announce(workspace_id=workspace_id, topic="links", subject_id=0)


def _try_to_write() -> None:
    try:
        write_clicks()
    except DatabaseError:
        log.warning("clicks not written yet; they are kept", exc_info=True)
        connection.close()
