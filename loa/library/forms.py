"""Read what a person says about a picture or a video, and the rights to it."""

from datetime import date
from typing import Any, BinaryIO, Self

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from loa.kernel.text import normalise
from loa.library.actions import LONGEST_ALT_TEXT, Terms
from loa.library.models import Asset, licence_choices
from loa.library.rules.captions import MOST_BYTES

LONGEST_NUMBER = 18


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


class DayField(forms.DateField):
    """A last day; the browser's own calendar speaks ISO."""

    input_formats = ("%Y-%m-%d",)

    def __init__(self, **said: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_("The last day. Leave it empty when there is no end."),
            **said,
        )


class RightsForm(forms.Form):
    """Who made a picture, and on what grounds it is used."""

    creator = forms.CharField(label=_("Made by"), max_length=160, required=False)
    credit = forms.CharField(
        label=_("Credit line"),
        help_text=_("Written into every picture that is sent, as “© Lan Phạm / Studio Nắng”."),
        max_length=300,
        required=False,
    )
    licence = forms.ChoiceField(label=_("Grounds"), choices=licence_choices, required=False)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Where the contract or the permission is kept, and what it allows."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
    )
    until = DayField(label=_("May be used until"))

    @classmethod
    def of(cls, asset: Asset) -> Self:
        """Return the form as the rights are noted now."""
        return cls(
            initial={
                "creator": asset.creator,
                "credit": asset.credit,
                "licence": asset.licence,
                "note": asset.licence_note,
                "until": asset.rights_until,
            }
        )

    @property
    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(**self.cleaned_data)


class ConsentForm(forms.Form):
    """Somebody shown in a picture, and what they agreed to."""

    person = forms.CharField(label=_("Person shown"), max_length=160)
    agreed_to = forms.CharField(
        label=_("What was agreed"),
        help_text=_("For example: on our channels, not in paid advertising."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
    )
    consent_until = DayField(label=_("Agreed until"))

    @property
    def until(self) -> date | None:
        """Return the last day; None without an end."""
        until: date | None = self.cleaned_data["consent_until"]
        return until


class BeginForm(forms.Form):
    """What a browser announces before it sends a file in pieces."""

    name = forms.CharField(max_length=1000)
    size_bytes = forms.IntegerField(min_value=0, max_value=2**53)
    modified_ms = forms.IntegerField(min_value=-(2**53), max_value=2**53, required=False)


def whole_number(words: str) -> int | None:
    """Return a number from a header or a field; None when it is none."""
    return (
        int(words) if words.isascii() and words.isdigit() and len(words) <= LONGEST_NUMBER else None
    )


class CoverForm(forms.Form):
    """Which picture is shown before a video plays: that at a second, or one that is sent."""

    at_s = forms.FloatField(min_value=0, max_value=86_400, required=False)
    picture_file = forms.FileField(required=False, allow_empty_file=True)

    @property
    def problem(self) -> str:
        """Return what is wrong, in a sentence."""
        return str(_("Give the cover's second as a number, or choose a picture."))

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        data = super().clean() or {}
        if data.get("at_s") is None and not data.get("picture_file"):
            raise forms.ValidationError(self.problem)
        return data

    @property
    def at_ms(self) -> int:
        """Return the moment."""
        return round(1000 * float(self.cleaned_data["at_s"]))

    @property
    def picture(self) -> BinaryIO | None:
        """Return the picture that was sent; None when a moment is meant."""
        picture: BinaryIO | None = self.cleaned_data.get("picture_file") or None
        return picture

    @property
    def picture_name(self) -> str:
        """Return what the picture was called."""
        return str(getattr(self.picture, "name", ""))


def caption_languages() -> list[tuple[str, str]]:
    """Return the languages to choose from, each in its own words."""
    return [(code, normalise(get_language_info(code)["name_local"])) for code in CAPTION_LANGUAGES]


CAPTION_LANGUAGES = (
    *("vi", "en", "ja", "ko", "th", "id", "ms", "km", "fr", "de", "es", "pt", "it", "nl"),
    *("pl", "ru", "uk", "tr", "ar", "hi"),
)


class CaptionsForm(forms.Form):
    """A captions file and the language of its words."""

    language_code = forms.ChoiceField(label=_("Language"), choices=caption_languages)
    captions_file = forms.FileField(label=_("File (SRT or VTT)"), allow_empty_file=True)

    @property
    def problem(self) -> str:
        """Return what is wrong, in a sentence."""
        return str(_("Choose an SRT or VTT file, and the language of its words."))

    @property
    def language(self) -> str:
        """Return the code of the language."""
        return str(self.cleaned_data["language_code"])

    @property
    def content(self) -> bytes:
        """Return the file, as far as captions may be long."""
        content: bytes = self.cleaned_data["captions_file"].read(MOST_BYTES + 1)
        return content
