"""Input of the pages of deliveries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loa.publish.actions.settling import LONGEST_LINK_CHARS


class LinkForm(forms.Form):
    """The address at which a person found the post. The action says whether it is one."""

    link = forms.CharField(
        label=_("Link to the live post"),
        help_text=_("Open the post on the platform and copy its address."),
        max_length=LONGEST_LINK_CHARS,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
