"""Words about people in templates."""

from django import template

from loa.workspace.wording import ROLE_LABELS

register = template.Library()


@register.filter
def role_label(role: str) -> str:
    """Return what people call a role."""
    return str(ROLE_LABELS.get(role, role))
