"""Say when a post goes out, and hand it over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from loa.content.actions import keep_revision
from loa.content.models import Post, Revision, Variant
from loa.content.queries import may_go_out
from loa.content.rules.planned_time import PlannedTime, planned
from loa.create.actions.composing import PostDeleted, locked_post
from loa.create.actions.reviewing import request_review
from loa.kernel.errors import LoaError
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.publish.rules import lifecycle
from loa.workspace.models import Member


class NoSuchTime(LoaError):
    """What was typed is no date and time."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What scheduling led to: deliveries, or a request for approval that comes first."""

    post: Post
    deliveries: tuple[Delivery, ...] = ()
    asked_for_review: bool = False


def read_local_time(text: str, *, zone: str) -> PlannedTime:
    """Return the planned time a person typed (ISO, local). NoSuchTime when it is none.

    A time that a clock change leaves out becomes the next one that exists; compare `local`
    with what was typed to tell the person.
    """
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NoSuchTime(text) from None
    typed = PlannedTime(local.replace(tzinfo=None, second=0, microsecond=0), zone)
    return planned(typed.instant(), zone) if typed.was_skipped else typed


def plan_post(
    post: Post, *, at: PlannedTime | None, by: Member, channels: Collection[int] | None = None
) -> list[Variant]:
    """Set when the variants go out that still can; None takes the time away.

    channels: only those. What was scheduled moves along, or is stopped without a time. Raises
    publish.PastTime or PostDeleted, and then nothing is changed.
    """
    with transaction.atomic():
        locked = locked_post(post)
        if locked.deleted_at is not None:
            raise PostDeleted(f"post {post.pk}")
        variants = [
            variant
            for variant in _open_variants(locked)
            if channels is None or variant.channel_id in channels
        ]
        if at is not None:
            times = {variant.pk: at for variant in variants if variant.planned != at}
            publish.reschedule_variants(locked, times=times, by=by)
            return variants
        for variant in variants:
            _forget_time(variant, by=by)
        return variants


def schedule_post(post: Post, *, by: Member) -> Scheduled:
    """Hand the post over to go out at its planned times, or ask for the approval it needs first.

    Raises publish.CannotSchedule, reviewing.NothingToReview or HasBlockingFindings, PostDeleted.
    """
    with transaction.atomic():
        locked = locked_post(post)
        if locked.deleted_at is not None:
            raise PostDeleted(f"post {post.pk}")
        if may_go_out(locked):
            deliveries = publish.schedule_post(locked, by=by)
            keep_revision(locked, by=by, moment=Revision.Moment.SCHEDULED)
            return Scheduled(locked, tuple(deliveries))
        if not any(variant.planned_at for variant in _open_variants(locked)):
            raise publish.NoTimeSet(f"post {post.pk}")
        asked = request_review(locked, by=by, wants_sending=True)
        return Scheduled(asked, asked_for_review=True)


def send_now(post: Post, *, by: Member) -> Scheduled:
    """Hand the post over to go out at once. Raises publish.CannotSchedule or PostDeleted."""
    with transaction.atomic():
        locked = locked_post(post)
        if locked.deleted_at is not None:
            raise PostDeleted(f"post {post.pk}")
        deliveries = publish.send_now(locked, by=by)
        keep_revision(locked, by=by, moment=Revision.Moment.SCHEDULED)
        return Scheduled(locked, tuple(deliveries))


def unschedule_post(post: Post, *, by: Member) -> publish.Cancelled:
    """Stop what has not gone out; the planned times stay in the plan."""
    return publish.cancel_post(post, by=by)


def _open_variants(locked: Post) -> list[Variant]:
    """Return the variants of which nothing is on its way, live or in doubt."""
    gone = {
        delivery.variant_id
        for delivery in Delivery.objects.filter(post=locked)
        if delivery.unproven_since or not lifecycle.may_change_content(delivery.state)
    }
    variants = locked.variants.select_related("channel", "post").order_by("pk")
    return [variant for variant in variants if variant.pk not in gone]


def _forget_time(variant: Variant, *, by: Member) -> None:
    for delivery in Delivery.objects.filter(variant=variant):
        publish.cancel_delivery(delivery, by=by)
    variant.planned_local, variant.planned_zone, variant.planned_fold = "", "", 0
    variant.planned_at, variant.in_queue = None, False
    variant.save(
        update_fields=["planned_local", "planned_zone", "planned_fold", "planned_at", "in_queue"]
    )
