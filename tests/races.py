"""Run work at the same time in real threads, each with a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*work: Callable[[], object]) -> list[object]:
    """Start all of `work` together; return what each gave back or raised, in the given order."""
    gate = threading.Barrier(len(work))
    outcomes: list[object] = [None] * len(work)

    def run(place: int, one: Callable[[], object]) -> None:
        try:
            gate.wait()
            outcomes[place] = one()
        except Exception as error:  # noqa: BLE001 (the test looks at what happened)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, one)) for place, one in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
