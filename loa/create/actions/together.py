"""Make many posts at once, by the rules of one: what stands against one stops that one alone.

What is the same for all is read once and what is made is written together, so a post costs a
few rows and no questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from loa.content.actions.together import NewPost, new_post, take_ids, write_new
from loa.content.models import Post
from loa.content.queries import Around, Ground, findings_on, ground_for, review_mode
from loa.content.rules.approval import may_go_out
from loa.content.rules.findings import Finding
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.revisions import PostState
from loa.create.actions.readying import There, ready_to_keep, there_is
from loa.create.actions.reviewing import NothingToReview
from loa.kernel.errors import LoaError
from loa.ops import clock, live
from loa.publish import actions as publish
from loa.workspace.actions import Happened, record_audits
from loa.workspace.models import Member


@dataclass(frozen=True, slots=True)
class Draft:
    """What one post shall say, and when it goes out on all its channels; None for no time."""

    state: PostState
    at: PlannedTime | None = None


def create_posts(by: Member, drafts: Sequence[Draft], *, sends: bool) -> list[Post | LoaError]:
    """Begin, plan and, with `sends`, hand over a post for each draft, as the actions for one do.

    Returns in the order of the drafts the post, or the refusal that those actions would raise;
    then nothing of that one is kept. What has no time is not handed over. Where the review rule
    demands it, approval is asked for instead.
    """
    with transaction.atomic():
        there = there_is([one.state for one in drafts], by=by)
        made: list[NewPost | LoaError] = []
        for pk, draft in zip(take_ids(len(drafts)), drafts, strict=True):
            made.append(_planned(pk, draft, there, by=by))
        new = [one for one in made if isinstance(one, NewPost)]
        sent = {
            one.post.pk
            for one, draft in zip(made, drafts, strict=True)
            if isinstance(one, NewPost) and sends and draft.at is not None
        }
        mode = review_mode(by.workspace)
        ground = _ground(new, there, by=by)
        judged = [_judged(one, sent, mode, ground, by=by) for one in made]
        kept = [one for one in judged if isinstance(one, NewPost)]
        _keep(kept, sent, by=by)
        return [one.post if isinstance(one, NewPost) else one for one in judged]


def _planned(pk: int, draft: Draft, there: There, *, by: Member) -> NewPost | LoaError:
    try:
        made = new_post(
            pk,
            ready_to_keep(draft.state, there),
            by=by,
            at=draft.at,
            channels=there.channels,
            campaigns=there.campaigns,
        )
        publish.refuse_past(made.variants, now=clock.now())
    except LoaError as refusal:
        return refusal
    return made


def _has_times(one: NewPost) -> bool:
    return any(variant.planned_at is not None for variant in one.variants)


def _ground(new: Sequence[NewPost], there: There, *, by: Member) -> Ground:
    documents = [variant.document for one in new for variant in one.variants]
    return ground_for(there.channels.values(), documents, workspace=by.workspace)


def _judged(
    one: NewPost | LoaError, sent: set[int], mode: str, ground: Ground, *, by: Member
) -> NewPost | LoaError:
    """Return the post as it will be written, or why it is not handed over."""
    if not isinstance(one, NewPost) or one.post.pk not in sent:
        return one
    found = _findings(one, ground, by=by)
    try:
        if may_go_out(rule_mode=mode, approved_fingerprint="", fingerprint=one.fingerprint):
            publish.refuse_new(one.variants, found, now=clock.now())
        else:
            _ask_for_review(one, found, by=by)
    except LoaError as refusal:
        return refusal
    return one


def _findings(one: NewPost, ground: Ground, *, by: Member) -> dict[int, tuple[Finding, ...]]:
    return findings_on(
        ground,
        {variant.channel: variant.document for variant in one.variants},
        workspace=by.workspace,
        post=one.post,
        planned={variant.channel_id: variant.planned_at for variant in one.variants},
        around=Around(),
    )


def _ask_for_review(one: NewPost, found: dict[int, tuple[Finding, ...]], *, by: Member) -> None:
    """As `request_review`, with the wish that it goes out once it is approved."""
    if all(variant.document.is_empty for variant in one.variants):
        raise NothingToReview(f"post {one.post.pk}")
    publish.refuse_blocked(one.variants, found)
    one.post.review = Post.Review.REQUESTED
    one.post.review_asked_by, one.post.review_asked_at = by, clock.now()
    one.post.wants_sending = True


def _keep(kept: Sequence[NewPost], sent: set[int], *, by: Member) -> None:
    write_new(kept, by=by)
    asked = [one for one in kept if one.post.review == Post.Review.REQUESTED]
    handed = [one for one in kept if one.post.pk in sent and one not in asked]
    scheduled = publish.hand_over_new(handed, by=by)
    live.announce_all([(by.workspace_id, one.post.pk) for one in asked], topic="post")
    happened = [
        Happened(
            action="post.rescheduled",
            subject=f"post:{one.post.pk}",
            detail={"times": {str(each.channel_id): each.planned_local for each in one.variants}},
        )
        for one in kept
        if _has_times(one)
    ]
    happened += scheduled
    happened += [
        Happened(
            action="review.requested",
            subject=f"post:{one.post.pk}",
            detail={"revision": one.post.revision, "fingerprint": one.fingerprint},
        )
        for one in asked
    ]
    if happened:
        record_audits(by.workspace, happened, member=by)
