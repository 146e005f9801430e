"""Reads about evergreen posts: how each stands on its channels, pools, and what fills slots."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.document import Document
from loa.plan.models import Evergreen, EvergreenPool, Refill
from loa.plan.rules import days
from loa.plan.rules.evergreen import FILLS_UNTIL, Candidate, WhyNot, why_not
from loa.plan.rules.observances import observances_on
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState
from loa.workspace.models import Workspace

REFILLS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """How an evergreen post stands on one channel. why_not: None when it may be said now."""

    channel: Channel
    last_at: datetime
    repeat_count: int
    why_not: WhyNot | None


@dataclass(frozen=True, slots=True)
class EvergreenShown:
    """An evergreen post in a list, with its channels."""

    evergreen: Evergreen
    standings: tuple[Standing, ...]


def words_of(document: Document) -> str:
    """Return the caption that alternates stand for: the first part's."""
    return document.parts[0].caption


def candidates(
    workspace: Workspace, *, channel: Channel | None = None
) -> dict[int, tuple[tuple[Evergreen, Candidate], ...]]:
    """Return, by channel, the evergreen posts that were said there, in three queries.

    Those that a person retired or that Loa stopped are not among them.
    """
    open_ones = _evergreen(workspace).filter(retired_at=None, stopped_why="")
    return _standing(workspace, list(open_ones), channel=channel)


def evergreen_shown(workspace: Workspace, *, now: datetime) -> tuple[EvergreenShown, ...]:
    """Return every evergreen post that is not retired, and how it stands on each channel."""
    ones = list(_evergreen(workspace).filter(retired_at=None))
    zone = ZoneInfo(workspace.time_zone)
    channels = {one.pk: one for one in Channel.objects.in_workspace(workspace)}
    standings: defaultdict[int, list[Standing]] = defaultdict(list)
    for channel_id, rows in _standing(workspace, ones).items():
        for evergreen, one in rows:
            standings[evergreen.pk].append(
                Standing(
                    channels[channel_id],
                    one.last_at,
                    one.repeat_count,
                    why_not(one, at=now, zone=zone),
                )
            )
    return tuple(EvergreenShown(one, tuple(standings[one.pk])) for one in ones)


def pools(workspace: Workspace) -> dict[int, EvergreenPool]:
    """Return the pools that fill slots, by channel."""
    rows = EvergreenPool.objects.in_workspace(workspace).select_related("channel", "kept_by__user")
    return {one.channel_id: one for one in rows}


def pools_to_fill() -> list[tuple[int, int]]:
    """Return workspace and pool of all there are, in every workspace."""
    return list(EvergreenPool.objects.order_by("pk").values_list("workspace", "pk"))


def refills_ahead(workspace: Workspace, *, now: datetime) -> tuple[Refill, ...]:
    """Return what fills slots that are still to come, those left out too, soonest first."""
    rows = Refill.objects.in_workspace(workspace).filter(slot_at__gt=now)
    related = rows.select_related("post", "channel", "evergreen__post")
    return tuple(related.order_by("slot_at", "pk")[:REFILLS_SHOWN])


def refill_of(post: Post) -> Refill | None:
    """Return why `post` was made to fill a slot; None when a person began it."""
    return Refill.objects.filter(post=post).select_related("channel", "evergreen").first()


def evergreen_of(post: Post) -> Evergreen | None:
    """Return the mark of an evergreen post; None when it has none or was retired."""
    return Evergreen.objects.filter(post=post, retired_at=None).first()


def was_delivered(post: Post) -> bool:
    """Say whether the post is live somewhere: only then can it be said again."""
    return Delivery.objects.filter(post=post, state=DeliveryState.DELIVERED).exists()


def quiet_days(workspace: Workspace, *, now: datetime) -> frozenset[date]:
    """Return the coming days on which nothing is repeated: days of mourning and memory."""
    first = days.today(now, workspace.time_zone)
    coming = days.days_between(first, first + FILLS_UNTIL + timedelta(days=1))
    return frozenset(day for day in coming if any(one.is_sober for one in observances_on(day)))


def _evergreen(workspace: Workspace) -> "QuerySet[Evergreen]":
    rows = Evergreen.objects.in_workspace(workspace).filter(post__deleted_at=None)
    return rows.select_related("post").order_by("marked_at", "pk")


def _standing(
    workspace: Workspace, ones: list[Evergreen], *, channel: Channel | None = None
) -> dict[int, tuple[tuple[Evergreen, Candidate], ...]]:
    refills: defaultdict[tuple[int, int], list[Refill]] = defaultdict(list)
    rows = Refill.objects.in_workspace(workspace).filter(evergreen__in=ones, skipped_at=None)
    for refill in rows.filter(post__deleted_at=None).order_by("slot_at", "pk"):
        refills[refill.evergreen_id, refill.channel_id].append(refill)
    variants = (
        Variant.objects.in_workspace(workspace)
        .filter(post__in=[one.post_id for one in ones], delivery__state=DeliveryState.DELIVERED)
        .select_related("post", "delivery")
        .order_by("pk")
    )
    if channel is not None:
        variants = variants.filter(channel=channel)
    by_post = {one.post_id: one for one in ones}
    found: defaultdict[int, list[tuple[Evergreen, Candidate]]] = defaultdict(list)
    for variant in variants:
        evergreen = by_post[variant.post_id]
        again = refills[evergreen.pk, variant.channel_id]
        found[variant.channel_id].append((evergreen, _candidate(evergreen, variant, again)))
    return {channel_id: tuple(rows) for channel_id, rows in found.items()}


def _candidate(evergreen: Evergreen, variant: Variant, again: list[Refill]) -> Candidate:
    first = words_of(variant.document)
    went_at = variant.delivery.delivered_at or variant.delivery.due_at
    return Candidate(
        evergreen_id=evergreen.pk,
        wordings=(first, *evergreen.alternates),
        last_at=again[-1].slot_at if again else went_at,
        last_words=again[-1].words if again else first,
        cooldown=timedelta(days=evergreen.cooldown_days),
        most_repeats=evergreen.most_repeats,
        expires_on=evergreen.expires_on,
        said=(0, *(one.wording_number for one in again)),
        repeat_count=len(again),
    )
