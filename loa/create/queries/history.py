"""What a post used to say, and where two edits of it clash."""

from dataclasses import dataclass
from itertools import pairwise

from loa.channels.models import Channel
from loa.content.models import Campaign, Post, Revision
from loa.content.rules.revisions import Change, Merge, PostState, changes

MOST_STEPS = 80


@dataclass(frozen=True)
class Step:
    """A kept state and what it changed against the one before it.

    Of what was set aside: against what is kept now.
    """

    revision: Revision
    changes: tuple[Change, ...]
    is_newest: bool


@dataclass(frozen=True)
class Clash:
    """A field that two edits changed. Each side in words, against the other."""

    name: str
    mine: tuple[Change, ...]
    theirs: tuple[Change, ...]


@dataclass(frozen=True)
class Names:
    """How fields, campaigns and channels are called in a history."""

    channels: dict[str, Channel]
    campaigns: dict[str, str]


def history_of(post: Post) -> list[Step]:
    """Return the kept states of `post`, the newest first."""
    rows = list(
        Revision.objects.filter(post=post)
        .select_related("saved_by__user")
        .order_by("-number", "-saved_at", "-pk")[: MOST_STEPS + 1]
    )
    saved = [row for row in rows if row.kind == Revision.Kind.SAVED]
    states = {row.pk: PostState.from_json(row.state) for row in rows}
    before = {row.pk: older for row, older in pairwise(saved)}
    steps = []
    for row in rows[:MOST_STEPS]:
        if row.kind == Revision.Kind.SET_ASIDE:
            compared = states[saved[0].pk] if saved else PostState()
        elif row.pk in before:
            compared = states[before[row.pk].pk]
        else:
            compared = PostState(language=states[row.pk].language)
        found = changes(compared, states[row.pk])
        steps.append(Step(row, found, is_newest=bool(saved) and row == saved[0]))
    return steps


def clashes_of(merged: Merge, *, mine: PostState, theirs: PostState) -> list[Clash]:
    """Return each clash with both sides in words."""
    clashes = []
    for name in merged.clashes:
        with_mine = theirs.with_field(name, mine.fields().get(name))
        clashes.append(
            Clash(name, mine=changes(theirs, with_mine), theirs=changes(with_mine, theirs))
        )
    return clashes


def names_for(post: Post) -> Names:
    """Return the names that a history of `post` needs."""
    channels = Channel.objects.in_workspace(post.workspace)
    campaigns = Campaign.objects.in_workspace(post.workspace)
    return Names(
        channels={f"channel:{channel.pk}": channel for channel in channels},
        campaigns={str(campaign.pk): campaign.name for campaign in campaigns},
    )
