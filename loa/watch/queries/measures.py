"""How everything stands that an alert can be about, for all workspaces in five queries."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from loa.channels import queries as channels
from loa.channels.models import Channel
from loa.ops import backups
from loa.publish.queries import pulse
from loa.watch.queries.machine import disk
from loa.watch.rules.bars import BOUNDS, Kind, Measure

RATE_WINDOW = timedelta(hours=1)
GIGABYTE = 1_000_000_000
DAY_S = 86_400

type Facts = dict[str, str | int]


def measures(now: datetime) -> Mapping[int, list[Measure]]:
    """Return the measures of each workspace that has any; needs a fence that shows all."""
    found: dict[int, list[Measure]] = defaultdict(list)
    _add_troubled(found)
    _add_channels(found, now)
    _add_sunsets(found, now)
    tries = pulse.tries(now - RATE_WINDOW)
    _add_ready(found, tries, now)
    _add_rates(found, tries)
    return found


def of_machine(now: datetime) -> list[Measure]:
    """Return the measures that are the same for every workspace of the machine."""
    found: list[Measure] = []
    free, _whole = disk()
    if free is not None:
        facts = {"free_bytes": free}
        found.append(Measure(Kind.DISK_LOW, "", free / GIGABYTE, facts=facts))
    made_at = backups.last(settings.HOME.path)
    if made_at is not None:
        age_days = (now - made_at).total_seconds() / DAY_S
        facts_of_backup = {"made_at": made_at.isoformat()}
        found.append(Measure(Kind.BACKUP_OLD, "", age_days, facts=facts_of_backup))
    return found


def _add_troubled(found: dict[int, list[Measure]]) -> None:
    for one in pulse.troubled():
        count = one.failed + one.uncertain
        facts: Facts = {
            "channel_id": one.channel_id,
            "channel": one.channel,
            "platform": one.platform,
            "failed": one.failed,
            "uncertain": one.uncertain,
        }
        found[one.workspace_id].append(
            Measure(Kind.DELIVERY, f"channel:{one.channel_id}", count, count=count, facts=facts)
        )


def _add_channels(found: dict[int, list[Measure]], now: datetime) -> None:
    soonest = now + timedelta(days=BOUNDS[Kind.GRANT_ENDING][1] * 2)
    for one in (
        Channel.objects.filter(state=Channel.State.LOST)
        | Channel.objects.filter(state=Channel.State.CONNECTED, grant__expires_at__lte=soonest)
    ).select_related("grant"):
        subject = f"channel:{one.pk}"
        facts: Facts = {
            "channel_id": one.pk,
            "channel": str(one),
            "platform": one.platform,
        }
        if one.state == Channel.State.LOST:
            found[one.workspace_id].append(Measure(Kind.CHANNEL_LOST, subject, 1, facts=facts))
            continue
        ends_at = channels.standing(one).grant_ends_at
        if ends_at is not None:
            days = (ends_at - now).total_seconds() / DAY_S
            facts["ends_at"] = ends_at.isoformat()
            found[one.workspace_id].append(Measure(Kind.GRANT_ENDING, subject, days, facts=facts))


def _add_sunsets(found: dict[int, list[Measure]], now: datetime) -> None:
    """Add the first end of an interface for each platform of a workspace."""
    for (workspace_id, platform), ending in channels.first_api_ends(now=now).items():
        ends_at = ending.ends_at or now
        facts: Facts = {
            "platform": platform,
            "version": ending.version,
            "ends_at": ends_at.isoformat(),
        }
        days = (ends_at - now).total_seconds() / DAY_S
        subject = f"platform:{platform}"
        found[workspace_id].append(Measure(Kind.API_ENDING, subject, days, facts=facts))


def _add_ready(found: dict[int, list[Measure]], tries: list[pulse.Tries], now: datetime) -> None:
    last_try: dict[int, datetime] = {}
    for one in tries:
        last_try[one.workspace_id] = max(one.last_at, last_try.get(one.workspace_id, one.last_at))
    for waiting in pulse.ready(now):
        since = max(waiting.oldest_at, last_try.get(waiting.workspace_id, waiting.oldest_at))
        facts: Facts = {"count": waiting.count, "oldest_at": waiting.oldest_at.isoformat()}
        minutes = (now - since).total_seconds() / 60
        found[waiting.workspace_id].append(
            Measure(Kind.NOTHING_SENT, "", minutes, count=waiting.count, facts=facts)
        )


def _add_rates(found: dict[int, list[Measure]], tries: list[pulse.Tries]) -> None:
    for one in tries:
        facts: Facts = {"platform": one.platform, "failed": one.failed, "tries": one.count}
        found[one.workspace_id].append(
            Measure(
                Kind.ERROR_RATE,
                f"platform:{one.platform}",
                one.failed_ratio * 100,
                base=one.count,
                facts=facts,
            )
        )
