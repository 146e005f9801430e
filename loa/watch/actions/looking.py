"""Look at how everything stands, open and end alerts, and write what is to be told.

Nothing here talks to the outside, and publishing waits for nothing here: the rows of deliveries
are read, never locked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection

from loa.ops import clock, fence, live
from loa.watch import queries
from loa.watch.models import Alert, AlertRule, Destination, Notice
from loa.watch.queries.measures import of_machine
from loa.watch.rules.bars import Measure
from loa.watch.rules.judging import Judgement, Open, judge
from loa.workspace.models import Workspace

KEPT_FOR = timedelta(days=90)
LOOKED = "loa:watch:looked"
LATELY_S = 150


def look() -> int:
    """Judge every workspace; return how many notices were written.

    Two processes may look at once: each workspace is judged behind a lock, and whoever comes
    second finds the alert open.
    """
    now = clock.now()
    with fence.everywhere("see what is wrong anywhere"):
        found = queries.measures(now)
        places = list(Workspace.objects.order_by("pk"))
    for_all = of_machine(now)
    written, failures = 0, list[Exception]()
    for one in places:
        try:
            written += _look_at(one, [*found.get(one.pk, ()), *for_all], now)
        except Exception as error:  # noqa: BLE001 - raised below, once all others were looked at
            failures.append(error)
    if failures:
        raise ExceptionGroup("workspaces that could not be judged", failures)
    cache.set(LOOKED, 1, LATELY_S)
    return written


def was_looked_lately() -> bool:
    """Say whether anybody looked within the last two minutes."""
    return cache.get(LOOKED) is not None


def forget_old_alerts() -> int:
    """Delete what is over for months, with its notices; return how much it was."""
    with fence.everywhere("forget alerts that are long over"):
        return Alert.objects.filter(over_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _look_at(workspace: Workspace, measures: Sequence[Measure], now: datetime) -> int:
    with fence.inside(workspace.pk):
        _take_turns(workspace)
        rows = {
            (one.kind, one.subject): one
            for one in Alert.objects.in_workspace(workspace).filter(over_at=None)
        }
        standing = {
            key: Open(one.count, one.told_count, one.told_at, one.fine_since)
            for key, one in rows.items()
        }
        bars = queries.bars_of(AlertRule.objects.in_workspace(workspace))
        judged = judge(measures, standing, bars, now=now)
        return _apply(workspace, judged, rows, now)


def _take_turns(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('loa.watch', %s))", [workspace.pk]
        )


def _apply(
    workspace: Workspace, judged: Judgement, rows: dict[tuple[str, str], Alert], now: datetime
) -> int:
    opened = Alert.objects.bulk_create(_new(workspace, one, now) for one in judged.opened)
    again = [rows[one.key] for one in judged.again]
    for measure in [*judged.again, *judged.changed]:
        _move_on(rows[measure.key], measure)
    for alert in again:
        alert.told_at, alert.told_count = now, alert.count
    for key in judged.calmer:
        rows[key].fine_since = now
    over = [rows[key] for key in judged.over]
    for alert in over:
        alert.over_at = now
    touched = [rows[one.key] for one in [*judged.again, *judged.changed]]
    touched += [rows[key] for key in [*judged.calmer, *judged.over]]
    Alert.objects.bulk_update(
        touched, ["count", "facts", "told_at", "told_count", "fine_since", "over_at"]
    )
    if opened or over or touched:
        live.announce(workspace_id=workspace.pk, topic="alert", subject_id=0)
    return _write(workspace, opened, again, over, now)


def _new(workspace: Workspace, measure: Measure, now: datetime) -> Alert:
    return Alert(
        workspace=workspace,
        kind=measure.kind.value,
        subject=measure.subject,
        count=measure.count,
        told_count=measure.count,
        facts=dict(measure.facts or {}),
        opened_at=now,
        told_at=now,
    )


def _move_on(alert: Alert, measure: Measure) -> None:
    alert.count, alert.facts = measure.count, dict(measure.facts or {})
    alert.fine_since = None


def _write(
    workspace: Workspace,
    opened: Iterable[Alert],
    again: Iterable[Alert],
    over: Sequence[Alert],
    now: datetime,
) -> int:
    """Write a notice for every destination; that it is over, only where it was told before."""
    told = [(one, Notice.Phase.OPENED) for one in opened]
    told += [(one, Notice.Phase.AGAIN) for one in again]
    places = list(Destination.objects.in_workspace(workspace).filter(off_at=None).order_by("pk"))
    notices = [_notice(alert, place, phase, now) for place in places for alert, phase in told]
    knowing = set(
        Notice.objects.in_workspace(workspace)
        .filter(alert__in=over, destination__in=places)
        .values_list("alert_id", "destination_id")
    )
    by_id = {one.pk: one for one in over}
    ended = {one.pk: one for one in places}
    notices += [
        _notice(by_id[alert_id], ended[place_id], Notice.Phase.OVER, now)
        for alert_id, place_id in sorted(knowing)
    ]
    return len(Notice.objects.bulk_create(notices))


def _notice(alert: Alert, place: Destination, phase: str, now: datetime) -> Notice:
    return Notice(
        workspace_id=alert.workspace_id,
        alert=alert,
        destination=place,
        phase=phase,
        count=alert.count,
        facts=alert.facts,
        at=now,
    )
