"""The week so far: what was delivered, and what it gathered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, Q

from loa.measure import queries as measure
from loa.plan.rules import days
from loa.publish.models import Delivery
from loa.workspace.models import Workspace

USUAL_WEEKS = 4


@dataclass(frozen=True, slots=True)
class WeekSoFar:
    """Since Monday. Sums are over the deliveries that have a reading; None when none has.

    usual_low, usual_high: deliveries of the last four whole weeks; None before there are any.
    read_count: deliveries with a reading. newest_reading_at: how fresh the sums are.
    """

    delivered_count: int
    planned_count: int
    usual_low: int | None
    usual_high: int | None
    engagements: int | None
    reach: int | None
    read_count: int
    newest_reading_at: datetime | None


def week_so_far(workspace: Workspace, *, now: datetime) -> WeekSoFar | None:
    """Return how the week stands; None while nothing was delivered in five weeks."""
    zone = workspace.time_zone
    monday = days.monday_of(days.today(now, zone))
    # Next Monday, this one, the four before.
    mondays = [
        days.day_start(monday + timedelta(weeks=1 - back), zone) for back in range(USUAL_WEEKS + 2)
    ]
    weeks = [(since, until) for until, since in pairwise(mondays)]
    per_week = Delivery.objects.in_workspace(workspace).aggregate(
        planned=Count(
            "pk", filter=Q(due_at__gte=weeks[0][0], due_at__lt=weeks[0][1]) & ~Q(state="cancelled")
        ),
        **{
            f"week_{back}": Count(
                "pk", filter=Q(state="delivered", delivered_at__gte=since, delivered_at__lt=until)
            )
            for back, (since, until) in enumerate(weeks)
        },
    )
    known = [count for back in range(1, len(weeks)) if (count := per_week[f"week_{back}"])]
    if not known and not per_week["week_0"]:
        return None
    counts = measure.workspace_counts(workspace, since=weeks[0][0], until=weeks[0][1])
    return WeekSoFar(
        delivered_count=len(counts),
        planned_count=per_week["planned"],
        usual_low=min(known, default=None),
        usual_high=max(known, default=None),
        engagements=_sum([one.engagements for one in counts]),
        reach=_sum([one.reach for one in counts]),
        read_count=sum(bool(one.values) for one in counts),
        newest_reading_at=max((one.taken_at for one in counts if one.taken_at), default=None),
    )


def _sum(values: list[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None
