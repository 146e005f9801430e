"""Count what a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Opening the fence and the transaction around a page is the gate's, on every page the same.
NOT_A_QUESTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT current_setting(")


@contextmanager
def asks_at_most(number: int) -> Iterator[None]:
    """Fail when the block asks the database more than `number` questions."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(NOT_A_QUESTION)
    ]
    assert len(asked) <= number, f"{len(asked)} questions:\n" + "\n".join(
        sql[:160] for sql in asked
    )
