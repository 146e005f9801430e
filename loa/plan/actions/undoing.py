"""Take back what was done with many posts, each by the action for one."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from loa.content.models import Post
from loa.content.queries import state_of
from loa.create.actions import (
    delete_post,
    restore_post,
    save_post,
    unschedule_post,
    withdraw_request,
)
from loa.kernel.errors import LoaError
from loa.plan.actions.locks import lock_queues
from loa.plan.actions.moving import Formerly, MovedMeanwhile, undo_move
from loa.plan.actions.together import Refused, channels_of
from loa.workspace.models import Member


class ChangedMeanwhile(LoaError):
    """Somebody changed the post since: taking it back would undo theirs."""


@dataclass(frozen=True, slots=True)
class Before:
    """What one post was before. now_campaign_id: the label it was given."""

    post_id: int
    formerly: tuple[Formerly, ...] = ()
    campaign_id: int | None = None
    now_campaign_id: int | None = None
    was_waiting: bool = True
    was_asked: bool = True
    revision: int = 0


type Undo = Callable[[Post, Before, Member], object]


def undo_moves(before: Collection[Before], *, by: Member) -> tuple[Refused, ...]:
    """Give every post its former times, and take a handover back that queueing brought."""
    return _each(before, _put_back, by=by, takes_slots=True)


def undo_labels(before: Collection[Before], *, by: Member) -> tuple[Refused, ...]:
    """Give every post its former label."""
    return _each(before, _relabel, by=by)


def undo_deletes(before: Collection[Before], *, by: Member) -> tuple[Refused, ...]:
    """Take every post out of the bin."""
    return _each(before, lambda post, _one, who: restore_post(post, by=who), by=by)


def undo_copies(before: Collection[Before], *, by: Member) -> tuple[Refused, ...]:
    """Put copies in the bin that nobody has changed yet."""
    return _each(before, _remove_copy, by=by)


def _put_back(post: Post, before: Before, by: Member) -> None:
    now = dict(post.variants.values_list("pk", "planned_at"))
    if any(now.get(one.variant_id) != one.moved_to for one in before.formerly):
        raise MovedMeanwhile(f"post {post.pk}")
    if not before.was_asked and post.review == Post.Review.REQUESTED:
        withdraw_request(post, by=by)
    elif not before.was_waiting:
        unschedule_post(post, by=by)
    undo_move(post, formerly=before.formerly, by=by)


def _relabel(post: Post, before: Before, by: Member) -> None:
    if post.campaign_id != before.now_campaign_id:
        raise ChangedMeanwhile(f"post {post.pk}")
    state = replace(state_of(post), campaign_id=before.campaign_id)
    save_post(post, base_revision=post.revision, state=state, by=by)


def _remove_copy(post: Post, before: Before, by: Member) -> None:
    if post.revision != before.revision:
        raise ChangedMeanwhile(f"post {post.pk}")
    delete_post(post, by=by)


def _each(
    before: Collection[Before], undo: Undo, *, by: Member, takes_slots: bool = False
) -> tuple[Refused, ...]:
    refused: list[Refused] = []
    with transaction.atomic():
        if takes_slots:
            lock_queues(by.workspace, channels_of([one.post_id for one in before], by=by))
        posts = _lock_all(by, [one.post_id for one in before])
        for one in before:
            post = posts.get(one.post_id)
            if post is None:
                continue
            try:
                with transaction.atomic():
                    undo(post, one, by)
            except LoaError as why:
                refused.append(Refused(post, why))
    return tuple(refused)


def _lock_all(by: Member, post_ids: Iterable[int]) -> dict[int, Post]:
    """Lock the posts, those in the bin too."""
    posts = Post.objects.in_workspace(by.workspace).filter(pk__in=post_ids).order_by("pk")
    return {
        one.pk: one for one in posts.select_related("workspace").select_for_update(of=("self",))
    }
