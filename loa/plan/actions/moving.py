"""Give posts other times, and take that back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from loa.content.models import Post, Variant
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.planned_time import planned as planned_at
from loa.kernel.errors import LoaError
from loa.ops import clock, live
from loa.plan.actions.locks import lock_posts
from loa.plan.rules import days
from loa.plan.rules.shifting import Change
from loa.publish.actions import (
    AlreadyDelivered,
    AlreadySending,
    MayBeLive,
    reschedule_variants,
)
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState
from loa.workspace.models import Member

S = DeliveryState
GONE = (S.SENDING, S.DELIVERED, S.UNCERTAIN)


class NothingToMove(LoaError):
    """The post has no such variant, or is deleted."""


class NoTimeYet(LoaError):
    """Nothing of the post has a time that could be moved."""


class MovedMeanwhile(LoaError):
    """Somebody moved it again since: taking back the first move would undo theirs."""


@dataclass(frozen=True, slots=True)
class Formerly:
    """When a variant was planned before it was moved. at: None when it had no time."""

    variant_id: int
    planned: PlannedTime | None
    in_queue: bool
    moved_to: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did.

    planned: the time it has now. was_skipped: the clock skips the one that was asked for.
    """

    post: Post
    planned: PlannedTime
    was_skipped: bool
    formerly: tuple[Formerly, ...]

    def days_touched(self, zone: str) -> frozenset[date]:
        """Return the local days it left and joined."""
        instants = [one.planned.instant() for one in self.formerly if one.planned]
        instants.append(self.planned.instant())
        return frozenset(days.today(instant, zone) for instant in instants)


@dataclass(frozen=True, slots=True)
class Shifted:
    """What shifting did. was_skipped: the clock skips a time that was asked for."""

    post: Post
    formerly: tuple[Formerly, ...]
    was_skipped: bool


def move_post(
    post: Post,
    *,
    planned: PlannedTime,
    by: Member,
    variant_ids: Collection[int] | None = None,
) -> Moved:
    """Plan `post` for another time; what was scheduled goes out then.

    variant_ids: only these; None for all of which nothing went out. A time that the clock
    skips becomes the next valid one, and the answer says so. Moving takes a post out of the
    order of its queue: the time is now somebody's wish, not a slot's.

    Raises AlreadyDelivered, AlreadySending, MayBeLive, PastTime or NothingToMove, and then
    nothing is changed.
    """
    effective = effective_time(planned)
    with transaction.atomic():
        locked = _locked(post)
        variants = _chosen(locked, variant_ids)
        formerly = tuple(
            Formerly(one.pk, one.planned, one.in_queue, effective.instant()) for one in variants
        )
        reschedule_variants(locked, times={one.pk: effective for one in variants}, by=by)
        touch([locked])
    return Moved(locked, effective, planned.was_skipped, formerly)


def shift_post(post: Post, *, change: Change, by: Member) -> Shifted:
    """Move every variant that has a time and has not gone out, each from its own time.

    Raises NoTimeYet when there is none, and what `move_post` raises; then nothing is changed.
    """
    with transaction.atomic():
        locked = _locked(post)
        asked = {one.pk: change.of(one.planned) for one in _chosen(locked, None) if one.planned}
        if not asked:
            raise NoTimeYet(f"post {post.pk}")
        times = {pk: effective_time(one) for pk, one in asked.items()}
        variants = [one for one in locked.variants.order_by("pk") if one.pk in times]
        formerly = tuple(
            Formerly(one.pk, one.planned, one.in_queue, times[one.pk].instant()) for one in variants
        )
        reschedule_variants(locked, times=times, by=by)
        touch([locked])
    return Shifted(locked, formerly, any(one.was_skipped for one in asked.values()))


def undo_move(post: Post, *, formerly: Collection[Formerly], by: Member) -> None:
    """Give the variants the times they had before a move.

    Raises MovedMeanwhile when one has been moved again, what `move_post` raises, and PastTime
    when the former time has passed by now.
    """
    with transaction.atomic():
        locked = _locked(post)
        variants = {one.pk: one for one in locked.variants.order_by("pk")}
        for one in formerly:
            now_at = variants[one.variant_id].planned_at if one.variant_id in variants else None
            if now_at != one.moved_to:
                raise MovedMeanwhile(f"variant {one.variant_id} was moved again")
        for in_queue in (True, False):
            times = {
                one.variant_id: one.planned
                for one in formerly
                if one.planned is not None and one.in_queue is in_queue
            }
            if times:
                reschedule_variants(locked, times=times, in_queue=in_queue, by=by)
        forget_times([one.variant_id for one in formerly if one.planned is None])
        touch([locked])


def effective_time(asked: PlannedTime) -> PlannedTime:
    """Return the local time that a clock will really show: a skipped one is moved on."""
    return planned_at(asked.instant(), asked.zone) if asked.was_skipped else asked


def forget_times(variant_ids: Collection[int]) -> None:
    """Leave variants that are not scheduled without a planned time."""
    Variant.objects.filter(pk__in=variant_ids).update(
        planned_at=None, planned_local="", planned_zone="", planned_fold=0, in_queue=False
    )


def touch(posts: Collection[Post]) -> None:
    """Note that the posts changed, so that lists, feeds and open pages bring the news."""
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(changed_at=clock.now())
    live.announce_all(((post.workspace_id, post.pk) for post in posts), topic="post")


def _locked(post: Post) -> Post:
    locked = lock_posts(post.workspace, [post.pk]).get(post.pk)
    if locked is None:
        raise NothingToMove(f"post {post.pk} is deleted")
    return locked


def _chosen(post: Post, variant_ids: Collection[int] | None) -> list[Variant]:
    """Return the variants to move: those asked for, or all of which nothing went out."""
    variants = list(post.variants.order_by("pk"))
    if variant_ids is not None:
        wanted = set(variant_ids)
        chosen = [one for one in variants if one.pk in wanted]
        if not chosen or len(chosen) != len(wanted):
            raise NothingToMove(f"post {post.pk} has no such variant")
        return chosen
    gone = {one.variant_id: one for one in Delivery.objects.filter(post=post, state__in=GONE)}
    chosen = [one for one in variants if one.pk not in gone]
    if not chosen:
        raise _why_gone(next(iter(gone.values()), None), post)
    return chosen


def _why_gone(delivery: Delivery | None, post: Post) -> LoaError:
    if delivery is None:
        return NothingToMove(f"post {post.pk} has no variants")
    refusals = {S.SENDING: AlreadySending, S.DELIVERED: AlreadyDelivered}
    return refusals.get(S(delivery.state), MayBeLive)(delivery)
