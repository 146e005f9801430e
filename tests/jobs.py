"""Run background work inside a test."""

import json

from django.db import connection

from loa.ops import jobs


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
