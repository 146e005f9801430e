"""Figures as people read them."""

from urllib.parse import unquote, urlsplit

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(ratio: float | None) -> str:
    """Return a ratio as a percentage with one decimal place; "unavailable" for None."""
    if ratio is None:
        return _("unavailable")
    return f"{number_format(ratio * 100, decimal_pos=1)}%"


@register.filter
def place(url: str) -> str:
    """Return an address as people say it: no scheme, no marks of campaigns."""
    parts = urlsplit(url)
    own = [pair for pair in parts.query.split("&") if pair and not pair.startswith("utm_")]
    query = f"?{'&'.join(own)}" if own else ""
    return f"{parts.netloc}{unquote(parts.path).rstrip('/')}{query}"


@register.filter
def count(value: int | None) -> str:
    """Return a count with its thousands apart; "unavailable" for None, which is not 0."""
    if value is None:
        return _("unavailable")
    return number_format(value, decimal_pos=0, force_grouping=True)
