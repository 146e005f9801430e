"""Parse which posts were chosen and what shall be done with all of them; which week to copy."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.plan.actions import MOST_AT_ONCE
from loa.plan.rules.days import within_reach
from loa.plan.rules.shifting import MOST_DAYS, MOST_HOURS, Shift, ToDay

UNREADABLE = _("This is not a date we can read.")
NUMBER = _("Write a whole number, like 7 or -1.")


def chosen_posts(asked: QueryDict) -> list[int]:
    """Return the posts named in an address or a form, each once, and one more than allowed."""
    numbers = (int(one) for one in asked.getlist("post") if one.isdecimal() and len(one) < 19)  # noqa: PLR2004 (digits of a bigint)
    return list(dict.fromkeys(numbers))[: MOST_AT_ONCE + 1]


class ShiftForm(forms.Form):
    """How much later, or earlier."""

    days = forms.IntegerField(
        label=_("Days later"),
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        required=False,
        error_messages={"invalid": NUMBER},
    )
    hours = forms.IntegerField(
        label=_("Hours later"),
        min_value=-MOST_HOURS,
        max_value=MOST_HOURS,
        required=False,
        error_messages={"invalid": NUMBER},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse to move by nothing."""
        values = super().clean() or {}
        if not self.errors and not values.get("days") and not values.get("hours"):
            self.add_error("days", _("Say by how many days or hours. A minus means earlier."))
        return values

    def change(self) -> Shift:
        """Return the shift that was chosen."""
        return Shift(self.cleaned_data["days"] or 0, self.cleaned_data["hours"] or 0)


class DayForm(forms.Form):
    """The day to move to."""

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": UNREADABLE},
    )

    def clean_on(self) -> date:
        """Refuse years that the calendar cannot show."""
        on: date = self.cleaned_data["on"]
        if not within_reach(on):
            raise forms.ValidationError(_("This year is too far away."))
        return on

    def change(self) -> ToDay:
        """Return the day that was chosen."""
        return ToDay(self.cleaned_data["on"])


class CopyWeekForm(forms.Form):
    """Which week to copy to which, on which channels."""

    week = forms.DateField(
        label=_("A day of the week to copy"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": UNREADABLE},
    )
    to = forms.DateField(
        label=_("A day of the week to copy it to"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": UNREADABLE},
    )
    channels = forms.TypedMultipleChoiceField(
        label=_("Channels"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one channel.")},
    )

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = [(str(one.pk), one.name) for one in channels]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse years that the calendar cannot show."""
        values = super().clean() or {}
        for name in ("week", "to"):
            if name in values and not within_reach(values[name]):
                self.add_error(name, _("This year is too far away."))
        return values
