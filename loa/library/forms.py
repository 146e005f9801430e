"""Read what a person says about a picture."""

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.library.actions import LONGEST_ALT_TEXT
from loa.library.models import Asset


class DescribeForm(forms.Form):
    """The words for people who cannot see a picture, and what must stay in view."""

    alt_text = forms.CharField(
        label=_("Alt text"),
        help_text=_("What is to be seen, in a sentence, for people who cannot see it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_ALT_TEXT,
        required=False,
    )
    focus_x = forms.FloatField(min_value=-1, max_value=1, initial=0)
    focus_y = forms.FloatField(min_value=-1, max_value=1, initial=0)

    @classmethod
    def of(cls, asset: Asset) -> Self:
        """Return the form as the asset is described now."""
        return cls(
            initial={
                "alt_text": asset.alt_text,
                "focus_x": asset.focus_x,
                "focus_y": asset.focus_y,
            }
        )

    @property
    def words(self) -> str:
        """Return the alt text."""
        return str(self.cleaned_data["alt_text"])

    @property
    def focus(self) -> tuple[float, float]:
        """Return the focal point, each axis from -1 to 1."""
        return (self.cleaned_data["focus_x"], self.cleaned_data["focus_y"])
