"""Input of the connect pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.connectors.contract import ConnectField, Connector
from loa.kernel.text import normalise

LONGEST_VALUE = 512


class ConnectForm(forms.Form):
    """The fields a connector asks for; built from its data, never from its name."""

    def __init__(self, connector: Connector, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        for field in connector.connect_fields:
            self.fields[field.name] = _field(field)

    def values(self) -> dict[str, str]:
        """Return what was typed, in NFC and without surrounding blanks."""
        return {name: normalise(str(value)).strip() for name, value in self.cleaned_data.items()}


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
