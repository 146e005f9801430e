"""Alerts, rules and destinations of a workspace."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet

from loa.watch.models import Alert, AlertRule, Destination
from loa.watch.rules.bars import DEFAULTS, Bar, Kind
from loa.workspace.models import Workspace

MOST_PAST = 30


def bars_of(rows: Iterable[AlertRule]) -> Mapping[Kind, Bar]:
    """Return the bar of every kind: a workspace's own, else the default."""
    own = {row.kind: Bar(row.is_on, row.limit, row.least) for row in rows}
    return {kind: own.get(kind.value, bar) for kind, bar in DEFAULTS.items()}


def open_alerts(workspace: Workspace) -> QuerySet[Alert]:
    """Return what is wrong now, the newest first."""
    rows = Alert.objects.in_workspace(workspace).filter(over_at=None)
    return rows.order_by("-opened_at", "-pk")


def past_alerts(workspace: Workspace) -> list[Alert]:
    """Return what was wrong lately."""
    rows = Alert.objects.in_workspace(workspace).exclude(over_at=None)
    return list(rows.order_by("-over_at", "-pk")[:MOST_PAST])


def destinations(workspace: Workspace) -> QuerySet[Destination]:
    """Return where alerts go, with how many notices wait for each."""
    waiting = Count("notices", filter=Q(notices__sent_at=None, notices__given_up_at=None))
    rows = Destination.objects.in_workspace(workspace).select_related("added_by__user")
    return rows.annotate(waiting_count=waiting).order_by("added_at", "pk")


def failing_destinations(workspace: Workspace) -> QuerySet[Destination]:
    """Return the destinations that did not take what they were last sent."""
    rows = Destination.objects.in_workspace(workspace).exclude(failure_code="")
    return rows.order_by("-failed_at", "pk")
