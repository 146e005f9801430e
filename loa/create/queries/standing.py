"""Reads about posts on the desk: where a review stands, lists, what was used lately."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from loa.content.models import Approver, Post, ReviewRule, Revision, Variant
from loa.content.rules.document import Document, fingerprint
from loa.create.models import ReviewVote
from loa.create.rules.review import Mode, Rule, WhyNot, barred, is_satisfied, wanted, why_not
from loa.ops import clock
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
    return Rule(
        row.mode,
        may_approve_own=row.may_approve_own,
        listed=frozenset(ids),
        good_for_days=row.good_for_days,
    )


def standing_of(post: Post) -> Standing:
    """Return where the review of `post`, as it is now, stands."""
    return standings_of([post], workspace=post.workspace)[post.pk]


def standings_of(posts: Sequence[Post], *, workspace: Workspace) -> dict[int, Standing]:
    """Return where the reviews of `posts` stand, by post id, in a fixed number of queries."""
    rule = rule_of(workspace)
    approvers = {one.pk: one for one in team(workspace) if one.may(Ability.APPROVE)}
    fingerprints = _fingerprints(posts)
    votes = _votes(posts, fingerprints, since=_good_since(rule))
    editors = _last_editors(posts)
    return {
        post.pk: Standing(
            rule=rule,
            fingerprint=fingerprints[post.pk],
            approvers=approvers,
            own=barred(rule, writer=post.written_by_id, last_editor=editors.get(post.pk)),
            votes=tuple(votes[post.pk]),
            against=_against(votes[post.pk], asked_at=post.review_asked_at),
        )
        for post in posts
    }


def _fingerprints(posts: Sequence[Post]) -> dict[int, str]:
    documents: dict[int, list[tuple[int, Document]]] = {post.pk: [] for post in posts}
    rows = Variant.objects.filter(post__in=posts).select_related("post").order_by("pk")
    for variant in rows:
        documents[variant.post_id].append((variant.channel_id, variant.document))
    return {post_id: fingerprint(found) for post_id, found in documents.items()}


def _good_since(rule: Rule) -> datetime | None:
    """Return since when votes count; None: for ever."""
    if rule.good_for_days is None:
        return None
    return clock.now() - timedelta(days=rule.good_for_days)


def _votes(
    posts: Sequence[Post], fingerprints: Mapping[int, str], *, since: datetime | None
) -> dict[int, list[ReviewVote]]:
    """Return the votes on what the posts say now that still count, the newest first."""
    found: dict[int, list[ReviewVote]] = defaultdict(list)
    rows = (
        ReviewVote.objects.filter(post__in=posts)
        .select_related("member__user")
        .order_by("-voted_at", "-pk")
    )
    for vote in rows:
        is_good = since is None or vote.voted_at > since
        if is_good and vote.fingerprint == fingerprints[vote.post_id]:
            found[vote.post_id].append(vote)
    return found


def _against(votes: Iterable[ReviewVote], *, asked_at: datetime | None) -> frozenset[int]:
    return frozenset(
        vote.member_id
        for vote in votes
        if vote.verdict == ReviewVote.Verdict.CHANGES
        and (asked_at is None or vote.voted_at >= asked_at)
    )


def _last_editors(posts: Sequence[Post]) -> dict[int, int]:
    rows = (
        Revision.objects.filter(post__in=posts, kind=Revision.Kind.SAVED)
        .order_by("post_id", "-number", "-pk")
        .distinct("post_id")
    )
    return dict(rows.values_list("post_id", "saved_by_id"))
