"""What goes out today: cards with their live state, and the slots that are still free."""

from dataclasses import dataclass
from datetime import datetime

from loa.plan import queries as plan
from loa.plan.queries import Card, Day, FreeSlot
from loa.plan.rules import days
from loa.plan.rules.days import View, Window
from loa.plan.rules.states import CardState
from loa.workspace.models import Workspace

BEHIND_US = frozenset({CardState.DELIVERED, CardState.REMOVED, CardState.FAILED, CardState.MISSED})


@dataclass(frozen=True, slots=True)
class AirTime:
    """One line of today: a card, or a slot that is still free."""

    at: datetime
    card: Card | None = None
    free: FreeSlot | None = None


@dataclass(frozen=True, slots=True)
class OnAir:
    """Today on the calendar."""

    day: Day

    @property
    def lines(self) -> tuple[AirTime, ...]:
        """Cards and free slots in order of time."""
        lines = [AirTime(card.at, card=card) for card in self.day.cards]
        lines += [AirTime(free.time.at, free=free) for free in self.day.free]
        return tuple(sorted(lines, key=lambda one: one.at))

    @property
    def to_come(self) -> tuple[Card, ...]:
        """What has not gone out yet, in order."""
        return tuple(card for card in self.day.cards if card.state not in BEHIND_US)


def on_air(workspace: Workspace, *, now: datetime) -> OnAir:
    """Return what goes out today, with the slots that are free."""
    today = days.today(now, workspace.time_zone)
    window = Window(View.LIST, today, today, today, today, today)
    [day] = plan.calendar_days(workspace, window=window, now=now).days
    return OnAir(day)
