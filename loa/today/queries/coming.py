"""The next days that a Vietnamese calendar keeps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loa.plan.rules import days
from loa.plan.rules.lunar import LunarDay, lunar_day
from loa.plan.rules.observances import Observance, observances_on
from loa.workspace.models import Workspace

AHEAD_DAYS = 45


@dataclass(frozen=True, slots=True)
class Coming:
    """A day worth a post. days_left: 0 today."""

    on: date
    lunar: LunarDay
    observance: Observance
    days_left: int


def coming_observances(workspace: Workspace, *, now: datetime, most: int = 4) -> tuple[Coming, ...]:
    """Return the next days with an observance that matters, the soonest first."""
    today = days.today(now, workspace.time_zone)
    found: list[Coming] = []
    for left in range(AHEAD_DAYS):
        day = today + timedelta(days=left)
        found += [
            Coming(day, lunar_day(day), one, left) for one in observances_on(day) if one.is_major
        ]
        if len(found) >= most:
            break
    return tuple(found[:most])
