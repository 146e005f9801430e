"""What proxies and containers ask: whether the process lives, and may get requests."""

from functools import lru_cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from loa.kernel.errors import LoaError


class NotReady(LoaError):
    """It lives, but should get no requests yet; the message says why, to anybody."""


def reach_database() -> None:
    """Ask the database something, because an open connection may be dead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def be_up_to_date() -> None:
    """Refuse while the schema is older than this release; a newer one serves it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    waiting = _needed() - applied
    if waiting:
        raise NotReady(f"{len(waiting)} migrations wait")


@lru_cache(maxsize=1)
def _needed() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)
