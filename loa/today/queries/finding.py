"""What the command palette finds: posts and channels, by words without their diacritics."""

from dataclasses import dataclass

from loa.channels.models import Channel
from loa.content.models import Campaign, Post
from loa.kernel.text import fold
from loa.workspace.models import Workspace

MOST_POSTS, MOST_CHANNELS, MOST_CAMPAIGNS = 8, 4, 3
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What fits the words, the last changed posts first."""

    posts: tuple[Post, ...] = ()
    channels: tuple[Channel, ...] = ()
    campaigns: tuple[Campaign, ...] = ()


def find(workspace: Workspace, text: str) -> Found:
    """Return what fits every word of `text`, in three queries. Nothing typed finds nothing."""
    words = fold(text[:LONGEST].replace("\x00", " ")).split()
    if not words:
        return Found()
    posts = Post.objects.in_workspace(workspace).filter(deleted_at=None)
    for word in words:
        posts = posts.filter(search_text__contains=word)
    channels = Channel.objects.in_workspace(workspace).exclude(state=Channel.State.DISCONNECTED)
    campaigns = Campaign.objects.in_workspace(workspace).filter(archived_at=None)
    return Found(
        posts=tuple(posts.order_by("-changed_at", "-pk")[:MOST_POSTS]),
        channels=tuple(
            one
            for one in channels.order_by("name", "pk")
            if fits(f"{one.name} {one.handle} {one.platform}", words)
        )[:MOST_CHANNELS],
        campaigns=tuple(one for one in campaigns.order_by("name", "pk") if fits(one.name, words))[
            :MOST_CAMPAIGNS
        ],
    )


def fits(text: str, words: list[str]) -> bool:
    """Say whether every folded word is in `text`, whatever its diacritics."""
    folded = fold(text)
    return all(word in folded for word in words)
