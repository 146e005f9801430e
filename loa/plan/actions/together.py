"""Do the same with many posts: each by the action for one, all listed, all undone the same way."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from django.db import transaction

from loa.content.models import Campaign, Post
from loa.content.queries import state_of
from loa.create.actions import delete_post, save_post
from loa.kernel.errors import LoaError
from loa.plan.actions.locks import lock_posts, lock_queues
from loa.plan.actions.moving import Formerly, NothingToMove, shift_post
from loa.plan.actions.queueing import add_to_queue
from loa.plan.rules.shifting import Change
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState
from loa.workspace.models import Member

MOST_AT_ONCE = 60
WAITING = (DeliveryState.DUE, DeliveryState.CLAIMED)


class TooManyAtOnce(LoaError):
    """More posts than one page can answer for."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with one post, and what it was before.

    formerly: its times. campaign_id: its label. was_waiting, was_asked: False when this scheduled
    it, or asked for its approval, so that undo must take that back too. was_skipped: the clock
    skips a time asked for.
    """

    post: Post
    formerly: tuple[Formerly, ...] = ()
    campaign_id: int | None = None
    was_waiting: bool = True
    was_asked: bool = True
    was_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A post that stays as it was. why: what the action for one raised. post: None when gone."""

    post: Post | None
    why: LoaError


@dataclass(frozen=True, slots=True)
class Together:
    """What became of each post that was chosen."""

    done: tuple[Done, ...]
    refused: tuple[Refused, ...]


def move_together(post_ids: Collection[int], *, change: Change, by: Member) -> Together:
    """Give each post its time so much later, or on another day. Refused ones keep theirs."""

    def move(post: Post) -> Done:
        shifted = shift_post(post, change=change, by=by)
        return Done(shifted.post, shifted.formerly, was_skipped=shifted.was_skipped)

    return each_of(post_ids, move, by=by)


def queue_together(post_ids: Collection[int], *, by: Member) -> Together:
    """Let each post wait for the next free slots, in the order of their numbers."""

    def queue(post: Post) -> Done:
        before = {one.pk: one for one in post.variants.order_by("pk")}
        was_waiting = Delivery.objects.filter(post=post, state__in=WAITING).exists()
        was_asked = post.review != Post.Review.NONE
        queued = add_to_queue(post, by=by)
        formerly = tuple(
            Formerly(pk, before[pk].planned, before[pk].in_queue, at.instant())
            for pk, at in queued.times.items()
        )
        return Done(queued.post, formerly, was_waiting=was_waiting, was_asked=was_asked)

    return each_of(post_ids, queue, by=by, takes_slots=True)


def label_together(post_ids: Collection[int], *, campaign: Campaign | None, by: Member) -> Together:
    """Label each post with the campaign; None takes the label away."""

    def label(post: Post) -> Done:
        before = post.campaign_id
        state = replace(state_of(post), campaign_id=campaign.pk if campaign else None)
        saved = save_post(post, base_revision=post.revision, state=state, by=by)
        return Done(saved, campaign_id=before)

    return each_of(post_ids, label, by=by)


def delete_together(post_ids: Collection[int], *, by: Member) -> Together:
    """Put each post in the bin. What is live or on its way stays."""
    return each_of(post_ids, lambda post: Done(delete_post(post, by=by)), by=by)


def each_of(
    post_ids: Collection[int],
    act: Callable[[Post], Done],
    *,
    by: Member,
    takes_slots: bool = False,
) -> Together:
    """Act on each post by itself: a refusal undoes that post alone, a fault undoes everything.

    Everything is locked first and in one order, so two people with overlapping choices take
    turns. Raises TooManyAtOnce.
    """
    wanted = sorted(set(post_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise TooManyAtOnce(f"{len(wanted)} posts")
    done: list[Done] = []
    refused: list[Refused] = []
    with transaction.atomic():
        if takes_slots:
            lock_queues(by.workspace, channels_of(wanted, by=by))
        posts = lock_posts(by.workspace, wanted)
        for post_id in wanted:
            post = posts.get(post_id)
            try:
                if post is None:
                    raise NothingToMove(f"post {post_id} is gone")
                with transaction.atomic():
                    done.append(act(post))
            except LoaError as why:
                refused.append(Refused(post, why))
    return Together(tuple(done), tuple(refused))


def channels_of(post_ids: Collection[int], *, by: Member) -> list[int]:
    """Return the channels that the posts go to."""
    posts = Post.objects.in_workspace(by.workspace).filter(pk__in=post_ids, variants__isnull=False)
    return list(posts.values_list("variants__channel", flat=True).distinct())
