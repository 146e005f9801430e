"""What tests of the desk begin with: a post with a channel, written by Ben through the actions."""

from dataclasses import dataclass, replace
from datetime import timedelta

from loa.channels.models import Channel
from loa.content.models import Post, ReviewRule, Revision
from loa.content.queries import fingerprint_of, state_of
from loa.content.rules.document import Document, Part
from loa.content.rules.planned_time import PlannedTime, planned
from loa.content.rules.revisions import PostState
from loa.create import actions
from loa.ops import clock
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel

WORDS = "The sourdough is out of the oven."


def saying(text: str) -> Document:
    """Return a document of one part."""
    return Document((Part(text),))


@dataclass
class Desk:
    """Ben's post at the bakery, for one channel."""

    bakery: Bakery
    channel: Channel
    post: Post

    @property
    def now(self) -> Post:
        """Return the post as it is in the database."""
        return Post.objects.select_related("workspace").get(pk=self.post.pk)

    @property
    def state(self) -> PostState:
        """Return what the post says."""
        return state_of(self.now)

    @property
    def fingerprint(self) -> str:
        """Return what an approver looking now would vote on."""
        return fingerprint_of(self.now)

    def edit(self, text: str, *, base: int | None = None, tab: str = "") -> Post:
        """Let Ben change the shared text."""
        return actions.save_post(
            self.post,
            base_revision=self.now.revision if base is None else base,
            state=replace(self.state, shared=saying(text)),
            by=self.bakery.ben,
            tab=tab,
        )

    def plan(self, *, hours: int = 24) -> PlannedTime:
        """Give the post a time."""
        at = planned(clock.now() + timedelta(hours=hours), self.bakery.workspace.time_zone)
        actions.plan_post(self.post, at=at, by=self.bakery.ben)
        return at

    def rule(
        self, mode: ReviewRule.Mode, *, own: bool = False, listed: tuple[int, ...] = ()
    ) -> int:
        """Let Ana set the review rule."""
        return actions.set_review_rule(
            self.bakery.ana, mode=mode, may_approve_own=own, approvers=listed
        )

    def revisions(self, kind: Revision.Kind = Revision.Kind.SAVED) -> list[Revision]:
        """Return the kept revisions, the newest first."""
        return list(Revision.objects.filter(post=self.post, kind=kind).order_by("-number", "-pk"))


def a_desk(text: str = WORDS) -> Desk:
    """Make the bakery and Ben's post."""
    bakery = riverside_bakery()
    channel = a_channel(bakery.workspace)
    with bakery.inside():
        post = actions.create_post(
            bakery.ben,
            state=PostState(title="Sourdough", shared=saying(text), own={channel.pk: None}),
        )
    return Desk(bakery, channel, post)
