"""Words for what rules return as codes."""

from collections.abc import Mapping

from django import template

from loa.content.models import LinkCheck
from loa.content.rules.findings import Finding
from loa.content.wording import link_seen, sentence
from loa.create import wording
from loa.create.rules.review import WhyNot

KEPT_AROUND = 60

register = template.Library()


@register.filter
def finding_sentence(finding: Finding) -> str:
    """Say what a finding means and what to do."""
    return sentence(finding)


@register.filter
def check_words(check: LinkCheck) -> str:
    """Say what the last look at a link found."""
    return link_seen(check)


@register.filter
def change_words(what: str) -> str:
    """Name the kind of a change between two states of a post."""
    return wording.change(what)


@register.filter
def why_not_words(why: WhyNot) -> str:
    """Say why a member's approval does not count."""
    return wording.why_not(why)


@register.filter
def at[T](values: Mapping[str, T], key: str) -> T | None:
    """Return the value under `key`, None when there is none."""
    return values.get(key)


@register.filter
def ids(text: str) -> list[int]:
    """Return the numbers of a list that blanks separate."""
    return [int(one) for one in text.split() if one.isdecimal()]


@register.filter
def shortened_between(text: str) -> str:
    """Return unchanged text between two changes, its middle left out when it is long."""
    if len(text) <= 2 * KEPT_AROUND + 20:
        return text
    return f"{text[:KEPT_AROUND].rstrip()} … {text[-KEPT_AROUND:].lstrip()}"
