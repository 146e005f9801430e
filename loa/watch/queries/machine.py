"""The machine under Loa: workers, jobs, database, disk, backup. Unknown is None, never 0."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from loa.ops import backups

SILENT_FOR = timedelta(seconds=30)
FAILED_WITHIN = timedelta(days=1)
# A sender's lock is a number of 63 bits (publish/dispatcher/session.py): none other is so large.
_ASK = """
SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %(silent)s),
       (SELECT max(last_heartbeat) FROM procrastinate_workers),
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND objsubid = 1 AND classid::bigint >= 1073741824),
       (SELECT count(*) FROM procrastinate_jobs j WHERE j.status = 'failed' AND EXISTS (
           SELECT 1 FROM procrastinate_events e
           WHERE e.job_id = j.id AND e.type = 'failed' AND e.at > %(failed)s)),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'
           AND (scheduled_at IS NULL OR scheduled_at <= %(now)s)),
       pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_setting('max_connections')::int
"""


@dataclass(frozen=True, slots=True)
class Workers:
    """Who works. alive: lanes with a heartbeat; senders: processes that may send."""

    alive: int
    senders: int
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Machine:
    """How the machine stands; what cannot be known from here is None."""

    workers: Workers
    failed_jobs: int
    waiting_jobs: int
    database_bytes: int
    connections: int
    most_connections: int
    free_bytes: int | None
    disk_bytes: int | None
    backup_at: datetime | None


def machine(now: datetime) -> Machine:
    """Return how the machine stands, in one query and two looks at the disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK, {"silent": now - SILENT_FOR, "failed": now - FAILED_WITHIN, "now": now}
        )
        alive, heard_at, senders, failed, waiting, size, used, most = cursor.fetchone()
    free, whole = disk()
    return Machine(
        workers=Workers(alive, senders, heard_at),
        failed_jobs=failed,
        waiting_jobs=waiting,
        database_bytes=size,
        connections=used,
        most_connections=most,
        free_bytes=free,
        disk_bytes=whole,
        backup_at=backups.last(settings.HOME.path),
    )


def disk() -> tuple[int | None, int | None]:
    """Return the free and all bytes of the disk that LOA_HOME is on."""
    with suppress(OSError):
        usage = shutil.disk_usage(settings.HOME.path)
        return usage.free, usage.total
    return None, None
