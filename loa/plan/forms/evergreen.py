"""Parse how often an evergreen post may be said again, and in which other words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.plan.actions import Rest
from loa.plan.models import Evergreen
from loa.plan.rules.days import within_reach
from loa.plan.rules.evergreen import MOST_WEEKLY

NUMBERS = range(1, 5)


class EvergreenForm(forms.Form):
    """The terms of an evergreen post."""

    cooldown_days = forms.IntegerField(
        label=_("Days before the same channel says it again"), min_value=1, max_value=730
    )
    most_repeats = forms.IntegerField(
        label=_("Times each channel says it again, at most"), min_value=1, max_value=50
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty when it stays true."),
        error_messages={"invalid": _("This is not a date we can read.")},
    )
    alternate_1 = forms.CharField(
        label=_("Other words, 1"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=50_000,
    )
    alternate_2 = forms.CharField(
        label=_("Other words, 2"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=50_000,
    )
    alternate_3 = forms.CharField(
        label=_("Other words, 3"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=50_000,
    )
    alternate_4 = forms.CharField(
        label=_("Other words, 4"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=50_000,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for other words: the same ones are never said twice in a row."""
        values = super().clean() or {}
        last = values.get("expires_on")
        if last is not None and not within_reach(last):
            self.add_error("expires_on", _("This year is too far away."))
        if not self.errors and not self.alternates():
            self.add_error(
                "alternate_1",
                _("Write it in other words at least once: the same words never follow themselves."),
            )
        return values

    def alternates(self) -> list[str]:
        """Return the other wordings that were written, in order."""
        written = (self.cleaned_data.get(f"alternate_{number}") or "" for number in NUMBERS)
        return [words.strip() for words in written if words.strip()]

    def field_of(self, number: int) -> str:
        """Return the field in which the alternate with that number was written."""
        filled = [
            f"alternate_{one}" for one in NUMBERS if self.cleaned_data.get(f"alternate_{one}")
        ]
        return filled[number - 1] if number <= len(filled) else "alternate_1"

    def rest(self) -> Rest:
        """Return how often it may be said again."""
        given = self.cleaned_data
        return Rest(given["cooldown_days"], given["most_repeats"], given["expires_on"])


def as_marked(evergreen: Evergreen | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if evergreen is None:
        return {"cooldown_days": 60, "most_repeats": 4}
    return {
        "cooldown_days": evergreen.cooldown_days,
        "most_repeats": evergreen.most_repeats,
        "expires_on": evergreen.expires_on,
        **{
            f"alternate_{number}": words
            for number, words in zip(NUMBERS, evergreen.alternates, strict=False)
        },
    }


class PoolForm(forms.Form):
    """How many free slots of a channel are filled in a week."""

    weekly_cap = forms.IntegerField(min_value=0, max_value=MOST_WEEKLY)
