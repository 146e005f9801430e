"""Reads for calendar feeds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from loa.channels.models import Channel
from loa.content.models import Post
from loa.plan.models import CalendarFeed
from loa.plan.queries.cards import (
    Card,
    Filters,
    card_of,
    fill_in,
    groups_between,
    matches,
)
from loa.plan.rules import days
from loa.workspace.models import Workspace

BACK, AHEAD = timedelta(days=60), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a post changed last. sequence: seconds of its life until then; it only grows."""

    changed_at: datetime
    sequence: int


def feed_of(token_hash: str) -> CalendarFeed | None:
    """Return the feed in use that a token opens. Looks through all workspaces."""
    return (
        CalendarFeed.objects.filter(token_hash=token_hash, withdrawn_at=None)
        .select_related("workspace", "channel")
        .first()
    )


def feeds_in_use(workspace: Workspace) -> "QuerySet[CalendarFeed]":
    """Return the links that work, the newest first."""
    return (
        CalendarFeed.objects.in_workspace(workspace)
        .filter(withdrawn_at=None)
        .select_related("channel", "made_by__user")
        .order_by("-made_at", "-pk")
    )


def feed_cards(feed: CalendarFeed, *, now: datetime) -> list[tuple[Card, Stamp]]:
    """Return what the feed tells: two months back, a year ahead."""
    workspace = feed.workspace
    groups = groups_between(workspace, since=now - BACK, until=now + AHEAD, now=now)
    channels = Channel.objects.in_workspace(workspace).in_bulk()
    wanted = Filters(channel_ids=frozenset([feed.channel_id] if feed.channel_id else []))
    cards = [
        card_of(
            group, channels=channels, campaigns={}, place=days.place(workspace.time_zone), now=now
        )
        for group in groups
        if matches(group, wanted, now=now)
    ]
    fill_in(workspace, cards)
    return stamped(workspace, cards)


def stamped(workspace: Workspace, cards: list[Card]) -> list[tuple[Card, Stamp]]:
    """Return the cards with when their posts changed last, in one query."""
    posts = (
        Post.objects.in_workspace(workspace)
        .filter(pk__in={card.post_id for card in cards})
        .order_by("pk")
        .values_list("pk", "created_at", "changed_at")
    )
    stamps = {
        pk: Stamp(changed_at, max(int((changed_at - created_at).total_seconds()), 0))
        for pk, created_at, changed_at in posts
    }
    return [(card, stamps[card.post_id]) for card in cards]
