"""Parse on which dates a post shall repeat."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loa.plan import wording
from loa.plan.actions import Terms
from loa.plan.models import Series
from loa.plan.rules.days import within_reach
from loa.plan.rules.recurrence import LAST, MOST_INTERVAL, Kind, Rhythm, Wrong
from loa.plan.wording import series as say

KINDS = [
    (Kind.WEEKLY.value, _("By week")),
    (Kind.MONTHLY.value, _("By day of the month")),
    (Kind.MONTHLY_WEEKDAY.value, _("By weekday of the month")),
    (Kind.YEARLY.value, _("By year")),
    (Kind.LUNAR.value, _("By the moon")),
]
NTHS = [
    ("1", pgettext_lazy("which one in the month", "first")),
    ("2", pgettext_lazy("which one in the month", "second")),
    ("3", pgettext_lazy("which one in the month", "third")),
    ("4", pgettext_lazy("which one in the month", "fourth")),
    (str(LAST), pgettext_lazy("which one in the month", "last")),
]
MOONS = [("1", _("the 1st (new moon)")), ("15", _("the 15th (full moon)"))]
ENDS = [
    ("never", _("Goes on until it is ended")),
    ("until", _("On a date")),
    ("count", _("After a number of times")),
]
WAYS = [
    ("schedule", _("Schedule them; where approval is needed, ask for it")),
    ("draft", _("Leave them as drafts with a time")),
]
# Which field a rhythm's fault is shown at.
AT_FIELD = {
    Wrong.INTERVAL: "interval",
    Wrong.WEEKDAYS: "weekdays",
    Wrong.MONTH_DAY: "month_day",
    Wrong.NTH: "nth",
    Wrong.LUNAR_DAYS: "lunar_days",
    Wrong.COUNT: "count",
    Wrong.ENDS_BEFORE: "until_on",
    Wrong.ENDS_TWICE: "ends",
}
UNREADABLE = _("This is not a date we can read.")


def days_of_week() -> list[tuple[str, str]]:
    """Return the days of the week as choices, in the person's language."""
    return [(str(day), wording.weekday(day)) for day in range(7)]


class SeriesForm(forms.Form):
    """When a post repeats, until when, and what becomes of the posts."""

    name = forms.CharField(
        label=_("Name, for the team"),
        max_length=160,
        error_messages={"required": _("Give the series a name, so that you know it again.")},
    )
    kind = forms.ChoiceField(label=_("Repeats"), choices=KINDS, widget=forms.RadioSelect)
    interval = forms.IntegerField(
        label=_("Every how many weeks, months or years"),
        min_value=1,
        max_value=MOST_INTERVAL,
        required=False,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        choices=days_of_week,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        help_text=_("A month without this day takes its last one."),
        min_value=1,
        max_value=31,
        required=False,
    )
    nth = forms.TypedChoiceField(
        label=_("Which one in the month"), choices=NTHS, coerce=int, required=False
    )
    nth_weekday = forms.TypedChoiceField(
        label=_("Day of the week"), choices=days_of_week, coerce=int, required=False
    )
    lunar_days = forms.TypedMultipleChoiceField(
        label=_("Days of the lunar month"),
        choices=MOONS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    local_time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Choose a time."),
            "invalid": _("This is not a time we can read. Type it like 19:30."),
        },
    )
    first_on = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the first day."), "invalid": UNREADABLE},
    )
    ends = forms.ChoiceField(label=_("Ends"), choices=ENDS, widget=forms.RadioSelect)
    until_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": UNREADABLE},
    )
    count = forms.IntegerField(
        label=_("How many times"), min_value=1, max_value=1000, required=False
    )
    way = forms.ChoiceField(
        label=_("What becomes of the posts"), choices=WAYS, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what makes no rhythm, at the field that is the matter."""
        values = super().clean() or {}
        if self.errors:
            return values
        if values["ends"] == "until" and not values.get("until_on"):
            self.add_error("until_on", _("Choose the last day."))
        elif values["ends"] == "count" and not values.get("count"):
            self.add_error("count", _("Say how many times."))
        elif not within_reach(values["first_on"]):
            self.add_error("first_on", _("This year is too far away."))
        elif (fault := self.rhythm().wrong()) is not None:
            self.add_error(AT_FIELD[fault], say.wrong(fault))
        return values

    def rhythm(self) -> Rhythm:
        """Return the dates that were chosen; only valid once the form is."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        by_nth = kind is Kind.MONTHLY_WEEKDAY
        return Rhythm(
            kind=kind,
            first_on=given["first_on"],
            interval=1 if kind is Kind.LUNAR else given["interval"] or 1,
            weekdays=(int(given["nth_weekday"] or 0),) if by_nth else tuple(given["weekdays"]),
            month_day=given["month_day"] or given["first_on"].day,
            nth=int(given["nth"] or 1),
            lunar_days=tuple(given["lunar_days"]),
            until_on=given["until_on"] if given["ends"] == "until" else None,
            count=given["count"] if given["ends"] == "count" else None,
        )

    def terms(self) -> Terms:
        """Return the terms that were chosen."""
        given = self.cleaned_data
        return Terms(
            name=given["name"],
            rhythm=self.rhythm(),
            local_time=given["local_time"].replace(second=0, microsecond=0),
            schedules=given["way"] == "schedule",
        )


def suggested(name: str, *, local: datetime) -> dict[str, object]:
    """Return what a new series begins with: every week at the time of the post."""
    return {
        "name": name[:160],
        "kind": Kind.WEEKLY.value,
        "interval": 1,
        "weekdays": [local.weekday()],
        "month_day": local.day,
        "nth": "1",
        "nth_weekday": local.weekday(),
        "lunar_days": [1, 15],
        "local_time": local.time().replace(second=0, microsecond=0),
        "first_on": local.date(),
        "ends": "never",
        "way": "schedule",
    }


def as_it_is(series: Series, *, today: date) -> dict[str, object]:
    """Return what the form shows of a series."""
    one = series.rhythm_alone
    return {
        **suggested(series.name, local=datetime.combine(today, series.local_time)),
        "kind": one.kind.value,
        "interval": one.interval,
        "weekdays": list(one.weekdays),
        "month_day": one.month_day,
        "nth": str(one.nth),
        "nth_weekday": one.weekdays[0] if one.weekdays else 0,
        "lunar_days": list(one.lunar_days) or [1, 15],
        "first_on": one.first_on,
        "ends": "count" if one.count else "until" if one.until_on else "never",
        "until_on": one.until_on,
        "count": one.count,
        "way": "schedule" if series.schedules else "draft",
    }
