"""Reads about posts on the desk: where a review stands, lists, what was used lately."""

from dataclasses import dataclass

from loa.content.models import Approver, Post, ReviewRule, Revision
from loa.content.queries import fingerprint_of
from loa.create.models import ReviewVote
from loa.create.rules.review import Mode, Rule, WhyNot, barred, is_satisfied, wanted, why_not
from loa.workspace.models import Member, Workspace
from loa.workspace.queries import team
from loa.workspace.rules.permissions import Ability


@dataclass(frozen=True)
class Standing:
    """Where the review of one content stands.

    approvers: members who may approve anything today, by id. own: those whose words these are.
    votes: on exactly this content, the newest first; an objection from before review was asked
    again is among them and weighs nothing.
    """

    rule: Rule
    fingerprint: str
    approvers: dict[int, Member]
    own: frozenset[int]
    votes: tuple[ReviewVote, ...]
    against: frozenset[int]

    @property
    def approved_by(self) -> frozenset[int]:
        """Return who agreed to this content."""
        return frozenset(
            vote.member_id for vote in self.votes if vote.verdict == ReviewVote.Verdict.APPROVED
        )

    @property
    def is_satisfied(self) -> bool:
        """True when enough have agreed."""
        return is_satisfied(
            self.rule,
            approved_by=self.approved_by,
            against=self.against,
            able=self.approvers,
            own=self.own,
        )

    @property
    def waiting_for(self) -> tuple[Member, ...]:
        """Return the members whose approval is still needed; under ANY, all who could give it."""
        if self.is_satisfied:
            return ()
        must = wanted(self.rule, able=self.approvers, own=self.own)
        could = must or set(self.approvers) - self.own
        return tuple(self.approvers[one] for one in sorted(could - self.approved_by))

    def why_not(self, member: Member) -> WhyNot | None:
        """Return why `member`'s approval would not count, None when it would."""
        return why_not(self.rule, member=member.pk, able=self.approvers, own=self.own)


def rule_of(workspace: Workspace) -> Rule:
    """Return the workspace's review rule."""
    row = ReviewRule.objects.filter(workspace=workspace).first()
    if row is None:
        return Rule()
    listed = Approver.objects.in_workspace(workspace).filter(rule=row)
    ids = listed.values_list("member_id", flat=True) if row.mode == Mode.ALL else ()
    return Rule(row.mode, may_approve_own=row.may_approve_own, listed=frozenset(ids))


def standing_of(post: Post) -> Standing:
    """Return where the review of `post`, as it is now, stands."""
    rule = rule_of(post.workspace)
    fingerprint = fingerprint_of(post)
    votes = tuple(
        ReviewVote.objects.filter(post=post, fingerprint=fingerprint)
        .select_related("member__user")
        .order_by("-voted_at", "-pk")
    )
    approvers = {one.pk: one for one in team(post.workspace) if one.may(Ability.APPROVE)}
    asked_at = post.review_asked_at
    against = frozenset(
        vote.member_id
        for vote in votes
        if vote.verdict == ReviewVote.Verdict.CHANGES
        and (asked_at is None or vote.voted_at >= asked_at)
    )
    return Standing(rule, fingerprint, approvers, _own(rule, post), votes, against)


def _own(rule: Rule, post: Post) -> frozenset[int]:
    last_editor = (
        Revision.objects.filter(post=post, kind=Revision.Kind.SAVED)
        .order_by("-number", "-pk")
        .values_list("saved_by_id", flat=True)
        .first()
    )
    return barred(rule, writer=post.written_by_id, last_editor=last_editor)
