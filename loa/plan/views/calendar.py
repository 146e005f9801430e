"""The calendar: month, week and list."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from loa.ops import clock
from loa.plan import queries, wording
from loa.plan.forms import PageAsked, read_page
from loa.plan.queries import EVERYTHING, Calendar
from loa.plan.rules import days
from loa.plan.rules.clashes import Clash
from loa.plan.rules.days import View, Window
from loa.plan.rules.states import CardState
from loa.workspace.access import LoaRequest, requires
from loa.workspace.models import Workspace

# A list of clashes longer than this is not read but counted.
MOST_SAID = 20


@require_GET
@requires("can_view")
def show_calendar(request: LoaRequest) -> HttpResponse:
    """Show what is planned, by month, week or list."""
    today = days.today(clock.now(), request.workspace.time_zone)
    page = read_page(request.GET, today=today)
    return render(request, "plan/calendar.html", context(request, page))


def context(request: LoaRequest, page: PageAsked, *, only: Any = None) -> dict[str, Any]:
    """Return what the templates of the calendar need. only: read the cards of these days."""
    now = clock.now()
    calendar = queries.calendar_days(
        request.workspace,
        window=days.window(page.view, page.on),
        now=now,
        filters=page.filters,
        only=only,
    )
    today = days.today(now, request.workspace.time_zone)
    return {
        "calendar": calendar,
        "frame": Frame(request.workspace, page, calendar, today),
        "page": page.address(),
        "may_schedule": request.member.may("can_schedule"),
        "may_compose": request.member.may("can_compose"),
        "may_plan": request.member.may("can_plan"),
    }


@dataclass
class Frame:
    """What stands around the days: where one is, where one can go, what is filtered."""

    workspace: Workspace
    page: PageAsked
    calendar: Calendar
    today: date

    @property
    def window(self) -> Window:
        """The days shown."""
        return self.calendar.window

    @property
    def span(self) -> str:
        """What the page covers."""
        return wording.span(self.window, today=self.today)

    @property
    def earlier(self) -> str:
        """The address of the page before."""
        return self._address(on=self.window.previous)

    @property
    def later(self) -> str:
        """The address of the page after."""
        return self._address(on=self.window.following)

    @property
    def now(self) -> str:
        """The address of the page with today on it."""
        return self._address(on=self.today)

    @property
    def is_today(self) -> bool:
        """True when today is on the page."""
        return self.window.first <= self.today <= self.window.last

    @property
    def views(self) -> list[dict[str, Any]]:
        """The ways to look at the plan."""
        names = {View.MONTH: _("Month"), View.WEEK: _("Week"), View.LIST: _("List")}
        on = self.today if self.page.view is View.MONTH and self._shows_this_month else self.page.on
        return [
            {
                "label": name,
                "url": self._address(view=view, on=on),
                "is_here": view is self.page.view,
            }
            for view, name in names.items()
        ]

    @property
    def columns(self) -> list[str]:
        """The days of the week over a month."""
        return [wording.weekday_short(number) for number in range(7)]

    @property
    def everything(self) -> str:
        """The address of this page without filters."""
        return self._address(filters=EVERYTHING)

    @property
    def states(self) -> list[CardState]:
        """The states one can ask for."""
        return list(CardState)

    @property
    def earlier_label(self) -> str:
        """What the page before is called."""
        return self._beside(_("Week before"), _("Month before"), _("Earlier days"))

    @property
    def later_label(self) -> str:
        """What the page after is called."""
        return self._beside(_("Next week"), _("Next month"), _("Later days"))

    @cached_property
    def clashes(self) -> list[dict[str, str]]:
        """The first clashes on the page, in words, with the day each is on."""
        return [self._clash(one) for one in self.calendar.clashes[:MOST_SAID]]

    @cached_property
    def gaps(self) -> list[dict[str, str]]:
        """The first empty days on the page, in words."""
        empty = [day for day in self.calendar.days if day.empty_channels]
        return [
            {
                "words": f"{wording.day(day.date, today=self.today)}: "
                + ", ".join(channel.name for channel in day.empty_channels),
                "url": f"#day-{day.date.isoformat()}",
            }
            for day in empty[:MOST_SAID]
        ]

    @property
    def clash_count(self) -> int:
        """How many clashes there are, said or not."""
        return len(self.calendar.clashes)

    @property
    def gap_count(self) -> int:
        """How many days leave a channel empty, said or not."""
        return sum(bool(day.empty_channels) for day in self.calendar.days)

    @property
    def mix(self) -> dict[str, Any] | None:
        """How the posts spread over campaigns; None when none of them has one."""
        counts = self.calendar.campaign_counts
        whole = sum(count for _campaign, count in counts)
        if not any(campaign for campaign, _count in counts):
            return None
        parts = [
            f"{campaign.name if campaign else pgettext('no campaign', 'None')} "
            f"{round(100 * count / whole)}%"
            for campaign, count in counts
        ]
        return {"values": [count for _campaign, count in counts], "words": " · ".join(parts)}

    @property
    def here(self) -> str:
        """The address of this page."""
        return self._address()

    @cached_property
    def move_base(self) -> str:
        """The address of the form that moves a card, up to the card, which is written after it."""
        path = reverse("plan:move-post", args=[self.workspace.slug])
        return f"{path}?{urlencode({'page': self.page.address()})}"

    @cached_property
    def move_words(self) -> str:
        """What the way to another time is called: said once for each card."""
        return _("Move to another time")

    @cached_property
    def list_base(self) -> str:
        """The address of a list, up to the day it begins on, which is written after it."""
        return self._address(view=View.LIST, on=None)

    @property
    def _shows_this_month(self) -> bool:
        focus = self.window.focus
        return (focus.year, focus.month) == (self.today.year, self.today.month)

    def _clash(self, one: Clash) -> dict[str, str]:
        local = one.second.planned_at.astimezone(days.place(self.workspace.time_zone))
        names = {channel.pk: channel.name for channel in self.calendar.channels}
        words = wording.moment(local, today=self.today)
        return {
            "words": f"{words}: {names.get(one.channel_id, '')}, {wording.clash(one)}",
            "url": f"#day-{local.date().isoformat()}",
        }

    def _beside(self, week: str, month: str, listing: str) -> str:
        return {View.WEEK: week, View.MONTH: month, View.LIST: listing}[self.page.view]

    def _address(self, **changes: Any) -> str:
        path = reverse("plan:calendar", kwargs={"workspace_slug": self.workspace.slug})
        return f"{path}?{self.page.address(**changes)}"
