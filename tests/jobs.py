"""Run background work inside a test."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from loa.ops import clock, jobs, work


@contextmanager
def a_worker() -> Iterator[None]:
    """Run what `loa work` runs, in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=work.work_until, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()


def eventually(happened: Callable[[], bool], *, within_s: float = 8) -> bool:
    """Wait until something has happened, and say whether it has."""
    end = clock.monotonic_s() + within_s
    while not happened() and clock.monotonic_s() < end:
        threading.Event().wait(0.02)
    return happened()


def cut_connections() -> None:
    """Cut every connection to the database but this thread's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def run_enqueued() -> list[str]:
    """Run every waiting job now, in this thread and transaction; return their names in order.

    Jobs that these enqueue are run too. One that raises fails the test.
    """
    names: list[str] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs"
                " WHERE status = 'todo' ORDER BY id LIMIT 1) RETURNING task_name, args::text"
            )
            row = cursor.fetchone()
        if row is None:
            return names
        jobs.all_jobs()[row[0]].run(**json.loads(row[1]))
        names.append(row[0])
