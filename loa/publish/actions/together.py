"""Hand over many posts that were just made, by the rules of one; nobody else has seen them yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from loa.content.actions.films import order_videos
from loa.content.actions.together import NewPost, with_videos
from loa.content.models import Variant
from loa.content.rules.findings import Finding
from loa.ops import clock
from loa.publish.actions.scheduling import (
    NoTimeSet,
    PastTime,
    new_delivery,
    refuse_blocked,
    refuse_unsendable,
)
from loa.publish.actions.telling import tell_pages, wake_dispatcher
from loa.publish.models import Delivery
from loa.publish.rules import lateness
from loa.workspace.actions import Happened
from loa.workspace.models import Member


def refuse_past(variants: Sequence[Variant], *, now: datetime) -> None:
    """Raise PastTime when a planned time of new `variants` is too far in the past."""
    past = [one for one in variants if one.planned_at and lateness.is_past(one.planned_at, now=now)]
    if past:
        raise PastTime("a planned time has passed", variants=past)


def refuse_new(
    variants: Sequence[Variant], found: Mapping[int, tuple[Finding, ...]], *, now: datetime
) -> None:
    """Raise the CannotSchedule that `schedule_post` would raise for a new post, review aside."""
    if any(one.planned_at is None for one in variants):
        raise NoTimeSet("a new post is planned on all its channels or on none")
    refuse_past(variants, now=now)
    refuse_unsendable(variants)
    refuse_blocked(variants, found)


def hand_over_new(posts: Sequence[NewPost], *, by: Member) -> list[Happened]:
    """Make the deliveries of posts that were just written and that nothing stands against.

    Returns what the audit trail is to say, for the caller to write last.
    """
    now = clock.now()
    for one in with_videos(posts):
        order_videos(one.post, insists=True)
    made = Delivery.objects.bulk_create(
        new_delivery(variant, due_at=variant.planned_at or now, by=by, now=now, urgent=False)
        for one in posts
        for variant in one.variants
    )
    tell_pages(made)
    if made:
        wake_dispatcher()
    return [
        Happened(
            action="post.scheduled",
            subject=f"post:{one.post.pk}",
            detail={
                "times": {str(each.channel_id): _iso(each.planned_at) for each in one.variants}
            },
        )
        for one in posts
    ]


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
