"""What the review panel of a post shows to one member."""

from dataclasses import dataclass
from datetime import datetime

from loa.content.models import Post
from loa.content.rules import approval
from loa.create.models import Note
from loa.create.queries.standing import Standing, standing_of
from loa.create.rules.review import WhyNot
from loa.ops import clock
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Ability


@dataclass(frozen=True)
class Review:
    """Where the review stands, and what `member` may do about it.

    why_not: why their approval would not count; None when it would.
    """

    post: Post
    standing: Standing
    notes: tuple[Note, ...]
    member: Member
    why_not: WhyNot | None

    @property
    def is_open(self) -> bool:
        """True while reviewers are asked."""
        return self.post.review in {Post.Review.REQUESTED, Post.Review.CHANGES}

    @property
    def ends_at(self) -> datetime | None:
        """When the approval that was given ends; None when it does not."""
        if self.post.review != Post.Review.APPROVED or self.standing.rule.mode == "none":
            return None
        return approval.ends_at(
            self.post.approved_at, good_for_days=self.standing.rule.good_for_days
        )

    @property
    def has_ended(self) -> bool:
        """True when the approval was given too long ago."""
        end = self.ends_at
        return end is not None and clock.now() >= end

    @property
    def may_ask_again(self) -> bool:
        """True when this member may ask for an approval that has ended."""
        return self.has_ended and self.member.may(Ability.COMPOSE)

    @property
    def may_vote(self) -> bool:
        """True when this member's approval is wanted."""
        return self.is_open and self.why_not is None and not self.has_approved

    @property
    def may_object(self) -> bool:
        """True when this member may ask for changes."""
        return self.post.review != Post.Review.NONE and self.member.may(Ability.APPROVE)

    @property
    def member_approves(self) -> bool:
        """True when this member's role approves posts."""
        return self.member.may(Ability.APPROVE)

    @property
    def may_withdraw(self) -> bool:
        """True when this member may take the request back."""
        return self.post.review != Post.Review.NONE and self.member.may(Ability.COMPOSE)

    @property
    def may_note(self) -> bool:
        """True when this member may leave a note."""
        return self.member.may(Ability.COMMENT)

    @property
    def has_approved(self) -> bool:
        """True when this member has agreed to the post as it is now."""
        return self.member.pk in self.standing.approved_by


def review_of(post: Post, member: Member) -> Review:
    """Return what the review panel of `post` shows to `member`."""
    standing = standing_of(post)
    notes = tuple(
        Note.objects.filter(post=post)
        .select_related("written_by__user")
        .order_by("written_at", "pk")
    )
    return Review(post, standing, notes, member, standing.why_not(member))
