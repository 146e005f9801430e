"""Read what a person wants of a feed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.content.models import Campaign
from loa.intake.actions.sources import LONGEST_TEMPLATE, MOST_FIRST, Wishes
from loa.intake.models import Source
from loa.intake.rules.entries import PLAIN_TEMPLATE
from loa.workspace.models import Workspace


class SourceForm(forms.Form):
    """What shall become of a feed's entries."""

    url = forms.CharField(
        label=_("Address of the feed"),
        max_length=2000,
        help_text=_("RSS or Atom, as the website offers it."),
        error_messages={"required": _("Give the address of the feed.")},
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Left empty, the feed's own."),
    )
    channels = forms.TypedMultipleChoiceField(
        label=_("Channels"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    campaign = forms.TypedChoiceField(
        label=_("Campaign"), coerce=int, empty_value=None, required=False
    )
    template = forms.CharField(
        label=_("What a post says"),
        max_length=LONGEST_TEMPLATE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "{title}, {summary} and {link} are filled in. The summary is shortened until the "
            "post fits its channels."
        ),
    )
    mode = forms.ChoiceField(
        label=_("What becomes of an entry"),
        choices=[
            (Source.Mode.DRAFTS, _("A draft, for somebody to finish")),
            (Source.Mode.QUEUE, _("Into the queue; what needs approval asks for it first")),
        ],
    )
    with_image = forms.BooleanField(label=_("With its first picture"), required=False)
    takes_first = forms.IntegerField(
        label=_("How many of the present entries to take"),
        min_value=0,
        max_value=MOST_FIRST,
        help_text=_("At the first reading, the newest; the older ones never come."),
    )

    def __init__(
        self, *args: Any, workspace: Workspace, with_url: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        channels = Channel.objects.in_workspace(workspace).exclude(state="disconnected")
        campaigns = Campaign.objects.in_workspace(workspace).filter(archived_at=None)
        choices: list[tuple[Any, str]] = [
            (one.pk, str(one)) for one in channels.order_by("name", "pk")
        ]
        self.fields["channels"].choices = choices  # type: ignore[attr-defined]
        named = [(one.pk, one.name) for one in campaigns.order_by("name", "pk")]
        self.fields["campaign"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]
        if not with_url:
            del self.fields["url"], self.fields["takes_first"]

    @classmethod
    def first_values(cls) -> dict[str, Any]:
        """Return what an empty form shows."""
        return {
            "template": PLAIN_TEMPLATE,
            "mode": Source.Mode.DRAFTS,
            "with_image": True,
            "takes_first": 3,
        }

    @classmethod
    def values_of(cls, source: Source) -> dict[str, Any]:
        """Return what the form shows of a feed that is read."""
        return {
            "name": source.name,
            "channels": source.channel_ids,
            "campaign": source.campaign_id,
            "template": source.template,
            "mode": source.mode,
            "with_image": source.with_image,
        }

    def wishes(self, *, takes_first: int = 0) -> Wishes:
        """Return what was wished. takes_first: when the form did not ask."""
        data = self.cleaned_data
        return Wishes(
            channel_ids=data["channels"],
            campaign_id=data["campaign"],
            template=data["template"],
            mode=data["mode"],
            with_image=data["with_image"],
            takes_first=data.get("takes_first", takes_first),
        )
