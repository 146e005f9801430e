"""Parse what people ask of the plan into plain values."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from loa.content.rules.planned_time import PlannedTime
from loa.plan.models import MINUTES_IN_DAY
from loa.plan.queries import Filters
from loa.plan.rules.days import View, within_reach
from loa.plan.rules.states import CardState

LONGEST_PAGE = 2000


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of the calendar somebody looks at: the part of the address after "?"."""

    view: View
    on: date
    filters: Filters

    def address(self, **changes: Any) -> str:
        """Return the query string with `changes`: view, on (None: left open) or filters."""
        page = replace(self, **changes)
        asked = QueryDict(mutable=True)
        asked["view"] = page.view.value
        for name, values in page.filters.asked():
            asked.setlist(name, [str(value) for value in values])
        # The day comes last, so that a template can put another one behind the rest.
        asked["on"] = page.on.isoformat() if page.on else ""
        return asked.urlencode()


def read_page(asked: QueryDict, *, today: date) -> PageAsked:
    """Read an address. What cannot be read is left out: a calendar has no wrong addresses."""
    try:
        on = date.fromisoformat(asked.get("on", ""))
    except ValueError:
        on = today
    view = asked.get("view", "")
    return PageAsked(
        view=View(view) if view in View else View.WEEK,
        on=on if within_reach(on) else today,
        filters=Filters(
            channel_ids=_numbers(asked.getlist("channel")),
            states=frozenset(CardState(one) for one in asked.getlist("state") if one in CardState),
            campaign_ids=_numbers(asked.getlist("campaign")),
        ),
    )


def read_kept_page(text: str, *, today: date) -> PageAsked:
    """Read the address that a form carried along, to go back to the same page."""
    return read_page(QueryDict(text[:LONGEST_PAGE]), today=today)


class MoveForm(forms.Form):
    """A new time for a post, in the workspace's own clock."""

    post = forms.IntegerField(min_value=1)
    variant = forms.TypedMultipleChoiceField(coerce=int, required=False)
    planned = forms.CharField(
        max_length=19, error_messages={"required": _("Choose a day and a time.")}
    )
    page = forms.CharField(max_length=LONGEST_PAGE, required=False, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Any variant may be named here; the action refuses those of other posts.
        named = self.data.getlist("variant") if isinstance(self.data, QueryDict) else ()
        self.fields["variant"].choices = [(one, one) for one in named if one.isdecimal()]  # type: ignore[attr-defined]

    def clean_planned(self) -> datetime:
        """Read the local time, without its seconds."""
        try:
            local = datetime.fromisoformat(self.cleaned_data["planned"])
        except ValueError:
            raise forms.ValidationError(_("This is not a day and time we can read.")) from None
        if not within_reach(local.date()):
            raise forms.ValidationError(_("This year is too far away."))
        return local.replace(tzinfo=None, second=0, microsecond=0)

    def planned_time(self, zone: str) -> PlannedTime:
        """Return the time that was chosen, in the workspace's zone."""
        return PlannedTime(self.cleaned_data["planned"], zone)


class SlotForm(forms.Form):
    """A time on some days of the week."""

    weekday = forms.TypedMultipleChoiceField(
        choices=[(str(day), str(day)) for day in range(7)],
        coerce=int,
        error_messages={
            "required": _("Choose at least one day."),
            "invalid_choice": _("A week has no such day."),
        },
    )
    local_time = forms.TimeField(
        label=_("Time"),
        error_messages={
            "required": _("Choose a time."),
            "invalid": _("This is not a time we can read. Type it like 19:30."),
        },
    )

    def slots(self) -> Collection[tuple[int, time]]:
        """Return a slot for each chosen day."""
        clock = self.cleaned_data["local_time"]
        return [(day, clock) for day in self.cleaned_data["weekday"]]


class PacingForm(forms.Form):
    """How crowded a channel may get."""

    min_gap_minutes = forms.IntegerField(
        label=_("Shortest time between two posts, in minutes"),
        min_value=0,
        max_value=MINUTES_IN_DAY,
    )
    daily_cap = forms.IntegerField(label=_("Most posts in a day"), min_value=1, max_value=168)


class FeedForm(forms.Form):
    """A name for a calendar link, and what it tells."""

    name = forms.CharField(
        label=_("Who is it for?"),
        max_length=80,
        error_messages={"required": _("Give it a name, so that you know it again later.")},
    )
    channel = forms.IntegerField(min_value=1, required=False)


def _numbers(texts: Collection[str]) -> frozenset[int]:
    return frozenset(int(one) for one in texts if one.isdecimal() and len(one) < 19)  # noqa: PLR2004 (digits of a bigint)
