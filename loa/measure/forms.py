"""Input about tracked links."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from loa.content.models import Campaign
from loa.content.rules.addresses import LONGEST_ADDRESS, read_address
from loa.kernel.text import normalise
from loa.measure.queries.links import Asked
from loa.workspace.models import Workspace

KINDS = ("", "posts", "print")
LONGEST_SEARCH = 120


class PrintLinkForm(forms.Form):
    """A link for one place: what it leads to, where it hangs."""

    target = forms.CharField(
        label=_("Leads to"),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    label = forms.CharField(
        label=_("Where it hangs"),
        max_length=80,
        help_text=_("Such as “table 5” or “flyer March”: each place counts for itself."),
    )
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(),
        label=_("Campaign"),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, data: QueryDict | None = None, *, workspace: Workspace) -> None:
        """Offer the campaigns of the workspace."""
        super().__init__(data)
        offered = Campaign.objects.in_workspace(workspace).filter(archived_at=None)
        self.fields["campaign"].queryset = offered.order_by("name", "pk")  # type: ignore[attr-defined]

    def clean_target(self) -> str:
        """Return the address; one without a scheme gets https."""
        typed = normalise(self.cleaned_data["target"]).strip()
        url = typed if "://" in typed else f"https://{typed}"
        address = read_address(url)
        if address is None or "." not in address.host:
            raise forms.ValidationError(
                _("That is not an address of the web. It looks like https://yourbrand.vn/menu.")
            )
        return url


def read_asked(asked: QueryDict) -> Asked:
    """Read which links somebody wants to see; what cannot be read is left out."""
    kind = asked.get("kind", "")
    return Asked(
        kind=kind if kind in KINDS else "",
        channel_id=_number(asked.get("channel", "")),
        campaign_id=_number(asked.get("campaign", "")),
        words=asked.get("words", "").strip()[:LONGEST_SEARCH].replace("\x00", ""),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None  # noqa: PLR2004 (bigint)
