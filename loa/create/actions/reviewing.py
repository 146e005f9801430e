"""Ask members to agree to a post, and say yes or not yet.

Every vote is for exactly one content (its fingerprint). All of it happens under the post's
row lock, so an edit and an approval that meet are one after the other: never an approval of
words nobody saw.
"""

from dataclasses import dataclass

from django.db import transaction

from loa.content.actions import keep_revision
from loa.content.models import Post, ReviewRule, Revision
from loa.content.queries import findings_for, fingerprint_of
from loa.content.rules.findings import blocks
from loa.create.actions.composing import PostDeleted, locked_post
from loa.create.actions.noting import add_note
from loa.create.actions.sealing import REVIEW_FIELDS, take_out_of_sending
from loa.create.models import ReviewVote
from loa.create.queries import Standing, standing_of
from loa.create.rules.review import WhyNot
from loa.kernel.errors import LoaError
from loa.ops import clock, live
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.workspace.actions import record_audit
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Ability


class NothingToReview(LoaError):
    """The post is empty, has no channel, or nobody was asked to look at it."""


class MayNotApprove(LoaError):
    """This member's vote does not count here. why: see rules.review.WhyNot."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(str(why))
        self.why = why


class ContentChanged(LoaError):
    """The post says something else than the member looked at."""


class WordsMissing(LoaError):
    """Who asks for changes says which."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an approval led to.

    is_complete: enough have agreed. scheduled: what was handed over to be sent because that
    was asked for. refused: why it could not be; the approval stands all the same.
    """

    post: Post
    is_complete: bool
    scheduled: tuple[Delivery, ...] = ()
    refused: publish.CannotSchedule | None = None


def request_review(post: Post, *, by: Member, wants_sending: bool = False) -> Post:
    """Ask for approval; with `wants_sending` the post is scheduled as soon as it is given.

    Asking again without a change overrules earlier wishes for changes. Raises NothingToReview,
    publish.HasBlockingFindings or PostDeleted.
    """
    with transaction.atomic():
        locked = _open_post(post)
        variants = list(locked.variants.select_related("channel", "post", "workspace"))
        if not variants or all(variant.document.is_empty for variant in variants):
            raise NothingToReview(f"post {post.pk}")
        found = findings_for(
            {variant.channel: variant.document for variant in variants},
            workspace=locked.workspace,
            except_post=locked,
            planned={one.channel_id: one.planned_at for one in variants},
        )
        blocked = [one for one in variants if blocks(found[one.channel_id])]
        if blocked:
            raise publish.HasBlockingFindings(found, variants=blocked)
        locked.review = Post.Review.REQUESTED
        locked.review_asked_by, locked.review_asked_at = by, clock.now()
        locked.wants_sending = wants_sending or locked.wants_sending
        locked.save(update_fields=REVIEW_FIELDS)
        keep_revision(locked, by=by, moment=Revision.Moment.REVIEW_ASKED)
        _audit(locked, "review.requested", by=by)
    return locked


def approve(post: Post, *, fingerprint: str, by: Member) -> Agreed:
    """Agree to exactly the content with `fingerprint`.

    When enough have agreed, the post is sealed, and scheduled if that was asked for. Raises
    ContentChanged, MayNotApprove, NothingToReview or PostDeleted.
    """
    with transaction.atomic():
        locked = _open_post(post)
        standing = _vote(locked, ReviewVote.Verdict.APPROVED, fingerprint=fingerprint, by=by)
        if not standing.is_satisfied:
            return Agreed(locked, is_complete=False)
        locked.review = Post.Review.APPROVED
        locked.approved_fingerprint, locked.approved_at = fingerprint, clock.now()
        locked.save(update_fields=REVIEW_FIELDS)
        keep_revision(locked, by=by, moment=Revision.Moment.APPROVED)
        agreed = _send_if_wanted(locked, by=by)
        _audit(locked, "review.approved", by=by)
        return agreed


def ask_changes(post: Post, *, fingerprint: str, words: str, by: Member) -> Post:
    """Say what must change first; what was about to be sent is stopped.

    Raises WordsMissing, and what `approve` raises.
    """
    if not words.strip():
        raise WordsMissing
    with transaction.atomic():
        locked = _open_post(post)
        _vote(locked, ReviewVote.Verdict.CHANGES, fingerprint=fingerprint, by=by)
        stopped = take_out_of_sending(locked, by=by)
        locked.review = Post.Review.CHANGES
        locked.approved_fingerprint, locked.approved_at = "", None
        locked.wants_sending = locked.wants_sending or stopped
        locked.save(update_fields=REVIEW_FIELDS)
        add_note(locked, words=words, by=by, asks_changes=True)
        keep_revision(locked, by=by, moment=Revision.Moment.CHANGES_ASKED)
        _audit(locked, "review.changes_asked", by=by)
    return locked


def withdraw_request(post: Post, *, by: Member) -> Post:
    """Take the request for review back; an approved post that must be, is taken out of sending."""
    with transaction.atomic():
        locked = _open_post(post)
        if locked.review == Post.Review.APPROVED and _demands_review(locked):
            take_out_of_sending(locked, by=by)
        locked.review = Post.Review.NONE
        locked.review_asked_by = locked.review_asked_at = None
        locked.approved_fingerprint, locked.approved_at = "", None
        locked.wants_sending = False
        locked.save(update_fields=REVIEW_FIELDS)
        _audit(locked, "review.withdrawn", by=by)
    return locked


def _open_post(post: Post) -> Post:
    locked = locked_post(post)
    if locked.deleted_at is not None:
        raise PostDeleted(f"post {post.pk}")
    return locked


def _vote(locked: Post, verdict: ReviewVote.Verdict, *, fingerprint: str, by: Member) -> Standing:
    """Note the vote and return where the review stands with it."""
    if not by.may(Ability.APPROVE):
        raise MayNotApprove(WhyNot.NO_ABILITY)
    if locked.review == Post.Review.NONE:
        raise NothingToReview(f"nobody was asked about post {locked.pk}")
    if fingerprint_of(locked) != fingerprint:
        raise ContentChanged(f"post {locked.pk}")
    why = standing_of(locked).why_not(by)
    # A wish for changes needs no place on the list: who may approve may object.
    if why and not (verdict == ReviewVote.Verdict.CHANGES and why != WhyNot.NO_ABILITY):
        raise MayNotApprove(why)
    ReviewVote.objects.update_or_create(
        workspace_id=locked.workspace_id,
        post=locked,
        member=by,
        fingerprint=fingerprint,
        defaults={"verdict": verdict, "voted_at": clock.now()},
    )
    return standing_of(locked)


def _send_if_wanted(locked: Post, *, by: Member) -> Agreed:
    if not locked.wants_sending:
        return Agreed(locked, is_complete=True)
    locked.wants_sending = False
    locked.save(update_fields=REVIEW_FIELDS)
    try:
        scheduled = publish.schedule_post(locked, by=locked.review_asked_by or by)
    except publish.CannotSchedule as refused:
        return Agreed(locked, is_complete=True, refused=refused)
    return Agreed(locked, is_complete=True, scheduled=tuple(scheduled))


def _demands_review(post: Post) -> bool:
    rule = ReviewRule.objects.filter(workspace_id=post.workspace_id).first()
    return rule is not None and rule.mode != ReviewRule.Mode.NONE


def _audit(post: Post, action: str, *, by: Member) -> None:
    live.announce(workspace_id=post.workspace_id, topic="post", subject_id=post.pk)
    record_audit(
        post.workspace,
        member=by,
        action=action,
        subject=f"post:{post.pk}",
        detail={"revision": post.revision, "fingerprint": fingerprint_of(post)},
    )
