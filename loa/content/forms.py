"""Input about campaigns, and about what is done to links."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.content.actions.campaigns import COLOURS
from loa.content.actions.links import NewRule
from loa.content.models import LinkRule
from loa.content.rules.addresses import plain_host, read_address
from loa.content.rules.utm import PLACES, plain, unknown_places
from loa.kernel.text import normalise

MOST_HOSTS = 50
# What a channel may call differently from the workspace.
OWN = ("source", "medium")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
COLOUR_WORDS = {
    "jade": _("Jade"),
    "lotus": _("Lotus pink"),
    "indigo": _("Indigo"),
    "amber": _("Amber"),
    "lacquer": _("Lacquer red"),
    "stone": _("Stone grey"),
}


class CampaignForm(forms.Form):
    """Name and colour of a campaign, and what links call it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    utm_name = forms.CharField(
        label=_("Name in links (utm_campaign)"),
        max_length=80,
        required=False,
        help_text=_("Small letters and hyphens. Left empty, Loa makes it from the name."),
    )
    colour = forms.ChoiceField(
        label=_("Colour"),
        choices=[(colour, COLOUR_WORDS[colour]) for colour in COLOURS],
        initial=COLOURS[0],
    )

    def clean_name(self) -> str:
        """Return the name in NFC; it must say something."""
        name = normalise(self.cleaned_data["name"]).strip()
        if not plain(name):
            raise forms.ValidationError(_("Give it a name with letters or digits."))
        return name


class LinkRuleForm(forms.Form):
    """What is done to links as posts go out."""

    marks = forms.BooleanField(
        label=_("Add UTM fields to links"),
        required=False,
        help_text=_("So that the statistics of your site can tell where visitors come from."),
    )
    source = forms.CharField(label="utm_source", max_length=80, required=False)
    medium = forms.CharField(label="utm_medium", max_length=80, required=False)
    campaign = forms.CharField(label="utm_campaign", max_length=80, required=False)
    content = forms.CharField(label="utm_content", max_length=80, required=False)
    overwrites = forms.BooleanField(
        label=_("Replace UTM fields that a writer set by hand"), required=False
    )
    tracks = forms.BooleanField(
        label=_("Count clicks"),
        required=False,
        help_text=_(
            "Readers get a short address of yours that leads on to the page. Loa counts how"
            " often, and keeps nothing about who."
        ),
    )
    domain = forms.CharField(
        label=_("Your own host for these addresses"),
        max_length=253,
        required=False,
        help_text=_("Such as go.yourbrand.vn, once its DNS points to this installation."),
    )
    only_hosts = forms.CharField(
        label=_("Only links to these sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name a line, such as yourbrand.vn. Left empty: all links."),
    )
    never_hosts = forms.CharField(
        label=_("Never links to these sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        channels: Iterable[Channel],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Add a source and a medium for each of `channels`."""
        super().__init__(data, initial=initial)
        self._channels = tuple(channels)
        for channel in self._channels:
            for name in OWN:
                self.fields[f"{name}_{channel.pk}"] = forms.CharField(
                    label=f"utm_{name}", max_length=80, required=False
                )

    @classmethod
    def of(cls, rule: LinkRule, *, channels: Iterable[Channel]) -> "LinkRuleForm":
        """Return the form filled in with the rule as it is."""
        initial = {name: getattr(rule, name) for name in cls.base_fields}
        for channel_id, own in rule.own.items():
            initial |= {f"{name}_{channel_id}": words for name, words in own.items()}
        return cls(channels=channels, initial=initial)

    @property
    def per_channel(self) -> list[tuple[Channel, list[forms.BoundField]]]:
        """Return each channel with its own fields."""
        return [
            (channel, [self[f"{name}_{channel.pk}"] for name in OWN]) for channel in self._channels
        ]

    @property
    def has_own(self) -> bool:
        """True when a channel says something of its own, or something wrong."""
        fields = [field for _channel, found in self.per_channel for field in found]
        return any(field.value() or field.errors for field in fields)

    def clean_source(self) -> str:
        """Return the template of utm_source."""
        return self._template("source")

    def clean_medium(self) -> str:
        """Return the template of utm_medium."""
        return self._template("medium")

    def clean_campaign(self) -> str:
        """Return the template of utm_campaign."""
        return self._template("campaign")

    def clean_content(self) -> str:
        """Return the template of utm_content."""
        return self._template("content")

    def clean_domain(self) -> str:
        """Return the host in its plain form; "" for none."""
        typed = self.cleaned_data["domain"].strip().rstrip("/")
        if not typed:
            return ""
        host = _host(typed)
        if not host:
            raise forms.ValidationError(_("That is not a host. Write it like go.yourbrand.vn."))
        if host in {*settings.ALLOWED_HOSTS, settings.LINK_DOMAIN}:
            raise forms.ValidationError(
                _("Loa itself answers there. Choose a host that nothing else uses.")
            )
        return host

    def clean_only_hosts(self) -> str:
        """Return names, one a line."""
        return self._hosts("only_hosts")

    def clean_never_hosts(self) -> str:
        """Return names, one a line."""
        return self._hosts("never_hosts")

    def clean(self) -> dict[str, Any]:
        """Refuse to mark links with nothing."""
        cleaned = super().clean() or self.cleaned_data
        for channel in self._channels:
            for name in (f"{one}_{channel.pk}" for one in OWN):
                try:
                    cleaned[name] = self._template(name)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        if cleaned.get("marks") and not cleaned.get("source") and "source" not in self.errors:
            self.add_error("source", _("Say what the source is called, such as {platform}."))
        return cleaned

    def rule(self) -> NewRule:
        """Return what was asked for."""
        own = {
            str(channel.pk): {name: self.cleaned_data[f"{name}_{channel.pk}"] for name in OWN}
            for channel in self._channels
        }
        return NewRule(
            **{name: self.cleaned_data[name] for name in self.base_fields},
            own={channel: words for channel, words in own.items() if any(words.values())},
        )

    def _template(self, name: str) -> str:
        template = normalise(self.cleaned_data[name]).strip()
        unknown = unknown_places(template)
        if unknown:
            raise forms.ValidationError(
                _("There is no {%(place)s}. There are: %(places)s."),
                params={
                    "place": unknown[0],
                    "places": ", ".join(f"{{{place}}}" for place in PLACES),
                },
            )
        return template

    def _hosts(self, name: str) -> str:
        names = self.cleaned_data[name].replace(",", " ").split()
        hosts = [_host(one) for one in names]
        for typed, host in zip(names, hosts, strict=True):
            if not host:
                raise forms.ValidationError(
                    _("“%(typed)s” is not the name of a site."), params={"typed": typed}
                )
        if len(hosts) > MOST_HOSTS:
            raise forms.ValidationError(_("At most %(most)s names."), params={"most": MOST_HOSTS})
        return "\n".join(dict.fromkeys(hosts))


def _host(typed: str) -> str:
    """Return the host that somebody typed, alone or in an address; "" when it is none."""
    address = read_address(typed if "://" in typed else f"https://{typed}")
    host = plain_host(address.host) if address and not address.port else ""
    return host if _HOST.fullmatch(host) else ""
