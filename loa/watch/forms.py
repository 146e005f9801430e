"""Input of the pages of alerts."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.watch.models import Destination
from loa.watch.rules.bars import BOUNDS, LEAST_BOUNDS, Bar, Kind
from loa.watch.wording import LIMITS

SHORTEST_KEY = 16
LONGEST_URL = 500
_REQUIRED = {"required": _("Please fill this in.")}
_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,100}")
_CHAT = re.compile(r"-?[0-9]{3,20}|@[A-Za-z0-9_]{4,40}")


class DestinationForm(forms.Form):
    """What every kind of destination has."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("How you recognise it, such as “Night shift”."),
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        help_text=_("In between nothing is sent; it arrives together afterwards."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    field_order = ("name", "address", "url", "signing_key", "token", "chat")

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or are none."""
        given = super().clean() or {}
        if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to", _("Quiet hours need both times, or none."))
        return given

    def secret(self) -> dict[str, str]:
        """Return what must be sealed."""
        own = ("address", "url", "signing_key", "token", "chat")
        return {name: str(self.cleaned_data[name]) for name in own if name in self.cleaned_data}

    def shown(self) -> str:
        """Return enough to recognise the destination by."""
        raise NotImplementedError


class EmailForm(DestinationForm):
    address = forms.EmailField(label=_("E-mail address"), error_messages=_REQUIRED)

    def shown(self) -> str:
        return str(self.cleaned_data["address"])


class UrlForm(DestinationForm):
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        error_messages=_REQUIRED,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}
        ),
    )

    def clean_url(self) -> str:
        """Return the address; whether it may be reached is decided when it is."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
            raise forms.ValidationError(_("This is no address that begins with https://."))
        return url

    def shown(self) -> str:
        return urlsplit(self.cleaned_data["url"]).hostname or ""


class WebhookForm(UrlForm):
    signing_key = forms.CharField(
        label=_("Signing key"),
        min_length=SHORTEST_KEY,
        max_length=200,
        help_text=_("At least 16 characters that only you and the receiver know."),
        error_messages=_REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class TelegramForm(DestinationForm):
    token = forms.CharField(
        label=_("Bot token"),
        max_length=140,
        help_text=_("BotFather gives it when you make a bot."),
        error_messages=_REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    chat = forms.CharField(
        label=_("Chat"),
        max_length=41,
        help_text=_("The chat's number, or @name of a public channel; the bot must be in it."),
        error_messages=_REQUIRED,
    )

    def clean_token(self) -> str:
        """Return the token; it becomes part of an address, so its form is checked."""
        token = str(self.cleaned_data["token"]).strip()
        if not _TOKEN.fullmatch(token):
            raise forms.ValidationError(_("A bot token looks like 123456789:AAF-xyz…"))
        return token

    def clean_chat(self) -> str:
        """Return the chat's number or name."""
        chat = str(self.cleaned_data["chat"]).strip()
        if not _CHAT.fullmatch(chat):
            raise forms.ValidationError(_("A chat is a number such as -1001234567890, or @name."))
        return chat

    def shown(self) -> str:
        return str(self.cleaned_data["chat"])


FORMS: Mapping[str, type[DestinationForm]] = {
    Destination.Kind.EMAIL: EmailForm,
    Destination.Kind.WEBHOOK: WebhookForm,
    Destination.Kind.TELEGRAM: TelegramForm,
    Destination.Kind.SLACK: UrlForm,
}


class RulesForm(forms.Form):
    """One line per kind: whether, and from where on."""

    def __init__(self, bars: Mapping[Kind, Bar], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        for kind, bar in bars.items():
            self.fields[f"{kind}_on"] = forms.BooleanField(required=False, initial=bar.is_on)
            if kind in BOUNDS:
                self.fields[f"{kind}_limit"] = _number(bar.limit, BOUNDS[kind], LIMITS[kind])
            if bar.least:
                self.fields[f"{kind}_least"] = _number(bar.least, LEAST_BOUNDS, _("tries at least"))

    def bars(self) -> dict[Kind, Bar]:
        """Return what was asked for."""
        given = self.cleaned_data
        return {
            kind: Bar(
                is_on=bool(given[f"{kind}_on"]),
                limit=given.get(f"{kind}_limit", 0),
                least=given.get(f"{kind}_least", 0),
            )
            for kind in Kind
        }


def _number(initial: int, bounds: tuple[int, int], label: Any) -> forms.IntegerField:
    least, most = bounds
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=least,
        max_value=most,
        error_messages={
            "required": _("Please fill this in."),
            "invalid": _("Write a whole number."),
            "min_value": _("Use at least %(limit_value)s."),
            "max_value": _("Use at most %(limit_value)s."),
        },
    )
