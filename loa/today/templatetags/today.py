"""Words of Today's templates."""

from django import template

from loa.today import wording

register = template.Library()


@register.filter
def days_left(count: int) -> str:
    """Say how far away a day is."""
    return wording.days_left(count)
