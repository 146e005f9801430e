"""`loa health`: how the machine does, for a person or a script."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loa.ops import clock, fence
from loa.publish.queries import pulse
from loa.watch.queries.health import DAY, HOUR
from loa.watch.queries.machine import machine
from loa.watch.rules.bars import DEFAULTS, Kind

MINUTE_S = 60


class Command(BaseCommand):
    help = (
        "Print how late deliveries go out, how often tries fail, what waits and how the machine"
        " is, over all workspaces. Exits 1 when no worker is at work or something is overdue."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", dest="as_json", action="store_true", help="as one JSON object"
        )

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        with fence.everywhere("say how the machine does"):
            found = _figures()
        if as_json:
            self.stdout.write(json.dumps(found))
        else:
            for name, value in found.items():
                self.stdout.write(f"{name}\t{'unavailable' if value is None else value}")
        wrong = _wrong(found)
        if wrong:
            raise CommandError(wrong)


def _figures() -> dict[str, Any]:
    now = clock.now()
    ready, found = pulse.ready(now), machine(now)
    oldest = min((one.oldest_at for one in ready), default=None)
    figures: dict[str, Any] = {}
    for name, since in (("hour", now - HOUR), ("day", now - DAY)):
        late = pulse.lag(since)
        tries = [one for one in pulse.outcomes(since) if not one.outcome]
        figures |= {
            f"delivered_last_{name}": late.count,
            f"late_p50_s_last_{name}": late.p50_s,
            f"late_p99_s_last_{name}": late.p99_s,
            f"tries_last_{name}": sum(one.count for one in tries),
        }
    return figures | {
        "ready": sum(one.count for one in ready),
        "oldest_due_s": (now - oldest).total_seconds() if oldest else None,
        "need_a_person": sum(one.failed + one.uncertain for one in pulse.troubled()),
        "worker_lanes_alive": found.workers.alive,
        "senders_alive": found.workers.senders,
        "jobs_failed_last_day": found.failed_jobs,
        "jobs_waiting": found.waiting_jobs,
        "database_bytes": found.database_bytes,
        "database_connections": found.connections,
        "disk_free_bytes": found.free_bytes,
        "last_backup_at": f"{found.backup_at:%FT%TZ}" if found.backup_at else None,
    }


def _wrong(found: dict[str, Any]) -> str:
    if not found["worker_lanes_alive"]:
        return "No worker is at work, so nothing is sent. Run `loa up` or `loa work`."
    minutes = DEFAULTS[Kind.NOTHING_SENT].limit
    if (found["oldest_due_s"] or 0) > minutes * MINUTE_S:
        return f"Something is due for more than {minutes} minutes and was not sent."
    return ""
