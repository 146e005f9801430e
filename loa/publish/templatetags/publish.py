"""Words and addresses for the templates of deliveries."""

from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format

from loa.publish import wording
from loa.publish.models import Attempt, Delivery
from loa.publish.queries import QuotaShown, said_by
from loa.publish.rules.live_changes import ChangeKind
from loa.workspace.models import Member

register = template.Library()

# The page of one post, by the first of these names that exists.
POST_PAGES = ("create:post", "content:post")


@register.filter
def reason(code: str) -> str:
    """Return in a sentence what a failure code means."""
    return wording.reason(code)


@register.filter
def step_words(attempt: Attempt) -> str:
    """Return what was tried."""
    return wording.step(attempt.step)


@register.filter
def outcome_words(attempt: Attempt) -> str:
    """Return what came back."""
    if attempt.outcome == "ok" and attempt.step in {ChangeKind.EDIT, ChangeKind.REMOVE}:
        return wording.change_outcome()
    return wording.outcome(attempt.outcome)


@register.filter
def came_back(attempt: Attempt) -> str:
    """Return in a sentence what a try ended with."""
    return wording.came_back(attempt)


@register.filter
def took_ms(attempt: Attempt) -> int | None:
    """Return how long a try took, in milliseconds; None while nothing came back."""
    if attempt.ended_at is None:
        return None
    return round((attempt.ended_at - attempt.started_at).total_seconds() * 1000)


@register.filter
def opening(delivery: Delivery) -> str:
    """Return the first words of what goes out."""
    return said_by(delivery)[0].opening or str(delivery.post)


@register.filter
def moment(delivery: Delivery) -> datetime:
    """Return the time that counts for a reader: when it was live, else when it is due."""
    return delivery.delivered_at or delivery.due_at


@register.filter
def why(delivery: Delivery) -> str:
    """Return in a few words why it failed or is uncertain."""
    return wording.why(delivery)


@register.filter
def doubt(delivery: Delivery) -> str:
    """Return why it is not known whether it is live."""
    return wording.doubt(delivery.failure_code)


@register.filter
def quota_name(shown: QuotaShown) -> str:
    """Return what a quota counts."""
    return wording.quota_name(shown.quota.name)


@register.filter
def quota_window(shown: QuotaShown) -> str:
    """Return the stretch of time in which a quota is counted."""
    return wording.stretch(shown.quota.window_s)


@register.filter
def counted(value: int) -> str:
    """Return a number with its thousands apart."""
    return number_format(value, force_grouping=True)


@register.filter
def as_id(value: int) -> str:
    """Return a number as a machine reads it: an id takes no thousands point."""
    return str(value)


@register.filter
def safe_link(url: str) -> str:
    """Return `url` when it leads to a web page, else "": what a platform says is not trusted."""
    with suppress(ValueError):
        if urlsplit(url).scheme in {"http", "https"}:
            return url
    return ""


@register.filter
def may(member: Member, ability: str) -> bool:
    """Say whether a member has an ability."""
    return member.may(ability)


@register.simple_tag
def post_page(workspace_slug: str, post_id: int) -> str:
    """Return the address of a post's page; "" while there is no such page."""
    for name in POST_PAGES:
        with suppress(NoReverseMatch):
            return reverse(name, args=[workspace_slug, post_id])
    return ""
