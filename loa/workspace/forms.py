"""Input about people and workspaces."""

from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loa.kernel.text import normalise
from loa.workspace.actions import NewPerson, NewWorkspace
from loa.workspace.rules.currencies import CURRENCIES
from loa.workspace.wording import ROLE_LABELS

LIKELIEST_ZONES = ("Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Singapore", "Europe/London")
ADMINISTRATIVE = ("Etc/", "SystemV/", "posix/", "right/")


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return the zones a person may choose, the likeliest first."""
    places = {
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(ADMINISTRATIVE)
    }
    ordered = [*LIKELIEST_ZONES, *sorted(places - set(LIKELIEST_ZONES)), "UTC"]
    return [(name, name.replace("_", " ")) for name in ordered]


class PersonFields(forms.Form):
    """Who somebody is and how they sign in."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        help_text=_(
            "At least ten characters, not one that everybody uses, and unlike your name"
            " and address."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_name(self) -> str:
        """Return the name in NFC; it must say something."""
        return _said(self.cleaned_data["name"])

    def person(self) -> NewPerson:
        """Return who it is."""
        return NewPerson(
            email=self.cleaned_data["email"],
            name=self.cleaned_data["name"],
            password=self.cleaned_data["password"],
            language=self.cleaned_data["language"],
        )


class WelcomeForm(PersonFields):
    """The first owner and their workspace."""

    workspace_name = forms.CharField(
        label=_("Name of the workspace"),
        max_length=80,
        help_text=_("Usually the brand or the team. It can be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="VND"
    )

    def clean_workspace_name(self) -> str:
        """Return the name in NFC; it must say something."""
        return _said(self.cleaned_data["workspace_name"])

    def workspace(self) -> NewWorkspace:
        """Return what the workspace is to be."""
        return NewWorkspace(
            name=self.cleaned_data["workspace_name"],
            time_zone=self.cleaned_data["time_zone"],
            language=self.cleaned_data["language"],
            currency=self.cleaned_data["currency"],
        )


class JoinForm(PersonFields):
    """A new person who follows an invitation."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class WorkspaceForm(forms.Form):
    """What a workspace is called and how it counts."""

    name = forms.CharField(label=_("Name of the workspace"), max_length=80)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("All times are shown in it. What is planned already keeps its own zone."),
    )
    language = forms.ChoiceField(
        label=_("Language of the brand"),
        choices=settings.LANGUAGES,
        help_text=_("New posts start in it. Everybody chooses the language of Loa for themselves."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="VND"
    )

    def clean_name(self) -> str:
        """Return the name in NFC; it must say something."""
        return _said(self.cleaned_data["name"])


class PersonForm(forms.Form):
    """What a person says about themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        """Return the name in NFC; it must say something."""
        return _said(self.cleaned_data["name"])


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLE_LABELS.items()), initial="editor")
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("If given, only a person with this address can use the link."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RoleForm(forms.Form):
    """What a member becomes."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLE_LABELS.items()))


def _said(words: str) -> str:
    said = normalise(words).strip()
    if not any(letter.isalnum() for letter in said):
        raise forms.ValidationError(_("Use at least one letter."))
    return said
