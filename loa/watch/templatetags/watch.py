"""Figures of health, written for people. Unknown stays None, which is shown as unavailable."""

from datetime import datetime

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
UNITS = ("B", "kB", "MB", "GB", "TB")
THOUSAND = 1000.0


@register.filter
def seconds(value: float | None) -> str | None:
    """Return a length of time in the largest unit that says enough."""
    if value is None:
        return None
    if value < MINUTE_S:
        return _("%(n)s s") % {"n": number_format(value, decimal_pos=1)}
    if value < HOUR_S:
        return _("%(n)s min") % {"n": number_format(value / MINUTE_S, decimal_pos=0)}
    if value < 2 * DAY_S:
        return _("%(n)s h") % {"n": number_format(value / HOUR_S, decimal_pos=1)}
    days = round(value / DAY_S)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


@register.filter
def since(now: datetime, then: datetime | None) -> str | None:
    """Return how long before `now` something was; None when it never was."""
    return seconds((now - then).total_seconds()) if then else None


@register.filter
def in_bytes(value: int | None) -> str | None:
    """Return a size in the unit that fits: 1.5 GB."""
    if value is None:
        return None
    size = float(value)
    for unit in UNITS:
        if size < THOUSAND or unit == UNITS[-1]:
            break
        size /= THOUSAND
    places = 0 if unit == "B" or size >= 100 else 1  # noqa: PLR2004 (three figures say enough)
    return f"{number_format(size, decimal_pos=places)} {unit}"


@register.filter
def milliseconds(value: float | None) -> str | None:
    """Return a length of time in whole milliseconds."""
    if value is None:
        return None
    return _("%(n)s ms") % {"n": number_format(value, decimal_pos=0, force_grouping=True)}


@register.filter
def percent(ratio: float | None) -> str | None:
    """Return a ratio from 0 to 1 as a percentage."""
    return None if ratio is None else f"{number_format(ratio * 100, decimal_pos=1)} %"


@register.filter
def counted(value: int | None) -> str | None:
    """Return a whole number with separators."""
    return None if value is None else number_format(value, force_grouping=True)


@register.filter
def of_state(states: dict[str, int], name: str) -> str:
    """Return how many deliveries are in a state; none listed are none at all."""
    return number_format(states.get(name, 0), force_grouping=True)
