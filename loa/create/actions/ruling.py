"""Set who must agree before anything goes out."""

from collections.abc import Collection

from django.db import transaction

from loa.content.models import Approver, Post, ReviewRule
from loa.content.queries import may_go_out
from loa.create.actions.composing import locked_post
from loa.create.actions.sealing import ask_again, take_out_of_sending
from loa.kernel.errors import LoaError
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState
from loa.workspace.actions import record_audit
from loa.workspace.models import Member
from loa.workspace.queries import team
from loa.workspace.rules.permissions import Ability


class NobodyListed(LoaError):
    """Everyone on an empty list would have to agree."""


def set_review_rule(
    by: Member,
    *,
    mode: ReviewRule.Mode,
    may_approve_own: bool,
    approvers: Collection[int] = (),
    good_for_days: int | None = None,
) -> int:
    """Set the rule of the member's workspace; return how many scheduled posts it stopped.

    good_for_days: how long an approval is good; None: until the content changes.
    approvers: ids of the members who must all agree, under ALL. What is scheduled and was not
    approved as it is now waits for that; approved posts stay scheduled.
    """
    workspace = by.workspace
    able = {one.pk for one in team(workspace) if one.may(Ability.APPROVE)}
    listed = able & set(approvers)
    if mode == ReviewRule.Mode.ALL and not listed:
        raise NobodyListed
    with transaction.atomic():
        rule, _ = ReviewRule.objects.update_or_create(
            workspace=workspace,
            defaults={
                "mode": mode,
                "may_approve_own": may_approve_own,
                "good_for_days": good_for_days,
            },
        )
        Approver.objects.in_workspace(workspace).filter(rule=rule).exclude(
            member__in=listed
        ).delete()
        Approver.objects.bulk_create(
            [Approver(workspace=workspace, rule=rule, member_id=one) for one in sorted(listed)],
            ignore_conflicts=True,
        )
        stopped = sum(_stop_if_unapproved(post, by=by) for post in _scheduled(by))
        record_audit(
            workspace,
            member=by,
            action="review.rule_set",
            detail={
                "mode": mode.value,
                "may_approve_own": may_approve_own,
                "good_for_days": good_for_days,
                "approvers": " ".join(str(one) for one in sorted(listed)),
                "stopped": stopped,
            },
        )
    return stopped


def _scheduled(by: Member) -> list[Post]:
    due = Delivery.objects.in_workspace(by.workspace).filter(state=DeliveryState.DUE)
    return list(
        Post.objects.in_workspace(by.workspace).filter(pk__in=due.values("post_id")).order_by("pk")
    )


def _stop_if_unapproved(post: Post, *, by: Member) -> bool:
    locked = locked_post(post)
    if may_go_out(locked) or not take_out_of_sending(locked, by=by):
        return False
    ask_again(locked, by=by, wants_sending=True)
    return True
