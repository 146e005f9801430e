"""Input of the connect pages."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.connectors.contract import ConnectField, Connector
from loa.kernel.text import fold, normalise

LONGEST_VALUE = 512
LONGEST_HANDLE = 24


class ConnectForm(forms.Form):
    """The fields a connector asks for; built from its data, never from its name."""

    def __init__(
        self,
        connector: Connector,
        data: dict[str, str] | None = None,
        *,
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for field in connector.connect_fields:
            self.fields[field.name] = _field(field)

    def values(self) -> dict[str, str]:
        """Return what was typed, in NFC and without surrounding blanks."""
        return {name: normalise(str(value)).strip() for name, value in self.cleaned_data.items()}


class PracticeForm(forms.Form):
    """The name under which a brand rehearses."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Please fill this in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """Return the name in NFC; it must hold a letter, which the handle is made of."""
        name = normalise(self.cleaned_data["name"]).strip()
        if not handle_from(name):
            raise forms.ValidationError(_("Use at least one letter."))
        return name


def handle_from(name: str) -> str:
    """Return a handle made of a name: "Cà phê Bến" gives "ca_phe_ben"; "" without a letter."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    return "_".join(words)[:LONGEST_HANDLE].strip("_")


def _field(field: ConnectField) -> forms.CharField:
    widget = forms.PasswordInput if field.kind == "password" else forms.TextInput
    return forms.CharField(
        label=LABELS.get(field.name, field.name),
        help_text=HINTS.get(field.name, ""),
        initial=field.default,
        required=field.required,
        max_length=LONGEST_VALUE,
        widget=widget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Please fill this in.")},
    )


# What connectors may ask for, in words. A new platform reuses these names.
LABELS = {
    "instance": _("Instance address"),
    "handle": _("Handle"),
    "host": _("Server address"),
    "app_password": _("App password"),
    "access_code": _("Access code"),
    "base_url": _("Server address"),
}
HINTS = {
    "instance": _("For example town.example: where you sign in to this account."),
    "handle": _("The name of the account, as others mention it."),
    "host": _("Leave empty to find it by the handle."),
    "app_password": _("Make one in the account's settings; never type the main password here."),
    "access_code": _("The account's owner finds it on the practice network."),
}
