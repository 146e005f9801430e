"""Lists of posts: all of them by filter, and those that wait for approval."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.create.queries.standing import Standing, standings_of
from loa.create.rules.progress import overall
from loa.kernel.text import fold
from loa.publish.models import Delivery
from loa.workspace.models import Member, Workspace

STATES = ("", "draft", "review", "approved", "scheduled", "delivered", "trouble", "deleted")
MOST_WAITING = 100
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A post in a list. word: where it is, for its chip. at: its first time, None without one."""

    post: Post
    word: str
    channels: tuple[Channel, ...]
    at: datetime | None
    has_image: bool


@dataclass(frozen=True)
class Waiting:
    """A post that waits for approval. is_mine: this member's vote is wanted."""

    post: Post
    standing: Standing
    channels: tuple[Channel, ...]
    at: datetime | None
    is_mine: bool


def listed(
    workspace: Workspace,
    *,
    state: str = "",
    channel_id: int | None = None,
    campaign_id: int | None = None,
    words: str = "",
) -> QuerySet[Post]:
    """Return the posts that match, the latest changed first. Words match without accents."""
    posts = Post.objects.in_workspace(workspace)
    posts = posts.exclude(deleted_at=None) if state == "deleted" else posts.filter(deleted_at=None)
    if state in _OF_STATE:
        posts = posts.filter(_OF_STATE[state])
    if channel_id is not None:
        posts = posts.filter(Exists(_variants().filter(channel=channel_id)))
    if campaign_id is not None:
        posts = posts.filter(campaign=campaign_id)
    for word in fold(words).split():
        posts = posts.filter(search_text__contains=word)
    return posts.select_related("campaign").order_by("-changed_at", "-pk")


def _variants() -> QuerySet[Variant]:
    return Variant.objects.filter(post=OuterRef("pk"))


def _with(*states: str) -> Exists:
    return Exists(Delivery.objects.filter(post=OuterRef("pk"), state__in=states))


_WAITING = ("due", "claimed", "sending")
_OF_STATE: dict[str, Q | Combinable] = {
    "draft": Q(review=Post.Review.NONE) & ~_with(*_WAITING, "delivered", "failed", "uncertain"),
    "review": Q(review__in=[Post.Review.REQUESTED, Post.Review.CHANGES]),
    "approved": Q(review=Post.Review.APPROVED) & ~_with(*_WAITING, "delivered"),
    "scheduled": Q(_with(*_WAITING)),
    "delivered": Q(_with("delivered")),
    "trouble": Q(_with("failed", "uncertain")),
}


def rows_of(posts: Iterable[Post]) -> list[Row]:
    """Return what a list shows of `posts`, in their order."""
    posts = list(posts)
    variants = _by_post(posts)
    return [
        Row(
            post=post,
            word=overall(
                review=post.review,
                deliveries=_delivery_states(variants[post.pk]),
                variants=len(variants[post.pk]),
                is_deleted=post.deleted_at is not None,
            ),
            channels=tuple(variant.channel for variant in variants[post.pk]),
            at=_first_time(variants[post.pk]),
            has_image=bool(post.document.asset_ids()),
        )
        for post in posts
    ]


def waiting_for_review(workspace: Workspace, *, member: Member) -> list[Waiting]:
    """Return the posts that wait for approval: those this member decides on, then by time."""
    posts = list(
        Post.objects.in_workspace(workspace)
        .filter(review=Post.Review.REQUESTED, deleted_at=None)
        .select_related("workspace", "written_by__user", "review_asked_by__user", "campaign")
        .order_by("review_asked_at", "pk")[:MOST_WAITING]
    )
    variants = _by_post(posts)
    standings = standings_of(posts, workspace=workspace)
    waiting = [
        Waiting(
            post=post,
            standing=(standing := standings[post.pk]),
            channels=tuple(variant.channel for variant in variants[post.pk]),
            at=_first_time(variants[post.pk]),
            is_mine=standing.why_not(member) is None and member.pk not in standing.approved_by,
        )
        for post in posts
    ]
    return sorted(waiting, key=lambda one: (not one.is_mine, one.at is None, one.at or NEVER))


def _by_post(posts: list[Post]) -> dict[int, list[Variant]]:
    found: dict[int, list[Variant]] = defaultdict(list)
    rows = (
        Variant.objects.filter(post__in=posts).select_related("channel", "delivery").order_by("pk")
    )
    for variant in rows:
        found[variant.post_id].append(variant)
    return found


def _delivery_states(variants: list[Variant]) -> list[str]:
    return [variant.delivery.state for variant in variants if hasattr(variant, "delivery")]


def _first_time(variants: list[Variant]) -> datetime | None:
    return min((one.planned_at for one in variants if one.planned_at), default=None)
