"""Change what is live: ask for other words or a removal, agree to it, take the wish back.

The platform is asked by dispatcher/live_changes.py, once the time to take it back is over.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from django.db import transaction

from loa.connectors.contract import Capability
from loa.connectors.registry import all_connectors
from loa.content import queries as content
from loa.content.models import Approver, ReviewRule
from loa.content.rules.document import Document
from loa.content.rules.findings import Finding, blocks
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, jobs
from loa.publish.actions.cancelling import CannotCancel, cancel_delivery
from loa.publish.actions.telling import note_delivery, tell_pages
from loa.publish.models import Delivery, LiveChange
from loa.publish.rules import live_changes, threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.live_changes import UNDO_FOR, ChangeKind, ChangeState
from loa.workspace.models import Member
from loa.workspace.queries import team
from loa.workspace.rules.permissions import Ability

CHANGES = "loa_live_change"


class CannotChange(LoaError):
    """What is live cannot be changed like this."""


class NotLive(CannotChange):
    """It is not live, not wholly, or was taken down."""


class PlatformCannot(CannotChange):
    """The platform does not let anybody change what is live, or not this."""


class NothingChanged(CannotChange):
    """The words are those that are live already."""


class ChangeUnderWay(CannotChange):
    """Another change of it is being made at this moment."""


class MayNotChange(CannotChange):
    """This member may not ask for it, or agree to it."""


class ChangeRefused(CannotChange):
    """A check stands against the new words. `findings`: which."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("a check stands against the new words")
        self.findings = findings


def edit_live(delivery: Delivery, *, captions: Sequence[str], by: Member) -> LiveChange:
    """Ask for other words in a live delivery, one caption for each part.

    Where the review rule demands it, the change waits for approval first. Raises CannotChange.
    """
    if not by.may(Ability.SCHEDULE):
        raise MayNotChange("it takes the ability to schedule")
    with transaction.atomic():
        locked = _live(delivery, Capability.EDIT)
        said = threading.frozen_from_json(locked.outgoing or {}).document
        if len(captions) != len(said.parts):
            raise NotLive(f"delivery {locked.pk} has {len(said.parts)} parts")
        parts = [
            replace(part, caption=normalise(caption).strip())
            for part, caption in zip(said.parts, captions, strict=True)
        ]
        document = replace(said, parts=tuple(parts))
        if document == said:
            raise NothingChanged(f"delivery {locked.pk} says that already")
        _refuse_blocked(locked, document)
        _make_room(locked)
        change = _ask(locked, ChangeKind.EDIT, document=document, by=by)
        note_delivery(locked, by=by, action="delivery.edit_asked")
    return change


def remove_live(delivery: Delivery, *, by: Member) -> LiveChange:
    """Ask to take a live delivery down, its first comment too. Raises CannotChange.

    It needs no approval: taking something back must be quick. An edit that waits is dropped.
    """
    if not by.may(Ability.SETTLE):
        raise MayNotChange("it takes the ability to settle deliveries")
    with transaction.atomic():
        locked = _live(delivery, Capability.DELETE)
        _make_room(locked)
        for comment in Delivery.all_work.filter(after=locked):
            with suppress(CannotCancel):
                cancel_delivery(comment, by=by)
        change = _ask(locked, ChangeKind.REMOVE, document=None, by=by)
        note_delivery(locked, by=by, action="delivery.removal_asked")
    return change


def approve_change(delivery: Delivery, *, change_id: int, by: Member) -> LiveChange:
    """Agree to the new words of change `change_id`; once enough have, they go out.

    Raises NotLive when it does not wait any more, MayNotChange when the vote does not count.
    """
    if not by.may(Ability.APPROVE):
        raise MayNotChange("it takes the ability to approve")
    with transaction.atomic():
        locked = _locked(delivery)
        change = _open_change(locked)
        if change is None or change.pk != change_id or change.state != ChangeState.WAITING:
            raise NotLive("nothing waits for approval any more")
        rule = _rule(locked)
        if change.asked_by_id == by.pk and not (rule and rule.may_approve_own):
            raise MayNotChange("nobody agrees to their own words")
        change.approved_by = sorted({*change.approved_by, by.pk})
        if _is_agreed(change, rule, locked):
            change.state, change.ready_at = ChangeState.DUE, clock.now()
            jobs.wake(CHANGES)
        change.save(update_fields=["approved_by", "state", "ready_at"])
        tell_pages([locked])
        note_delivery(locked, by=by, action="delivery.edit_approved")
    return change


def withdraw_change(delivery: Delivery, *, by: Member) -> bool:
    """Take a change back that has not begun; return whether there was one.

    Raises ChangeUnderWay when it is too late.
    """
    with transaction.atomic():
        locked = _locked(delivery)
        change = _open_change(locked)
        if change is None:
            return False
        needed = Ability.SETTLE if change.kind == ChangeKind.REMOVE else Ability.SCHEDULE
        if not by.may(needed):
            raise MayNotChange("it takes the ability that asked for it")
        if change.state == ChangeState.SENDING:
            raise ChangeUnderWay(f"change {change.pk} is under way")
        _end(change, ChangeState.WITHDRAWN)
        tell_pages([locked])
        note_delivery(locked, by=by, action="delivery.change_withdrawn")
    return True


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.all_work.select_for_update(of=("self",))
        .select_related("channel", "workspace", "post__workspace")
        .get(pk=delivery.pk)
    )


def _live(delivery: Delivery, capability: Capability) -> Delivery:
    """Return the locked delivery, all of it live and within the platform's reach."""
    locked = _locked(delivery)
    parts = list(locked.parts.all())
    if locked.state != S.DELIVERED or locked.removed_at or not locked.outgoing or not parts:
        raise NotLive(f"delivery {locked.pk} is {locked.state}")
    connector = all_connectors().get(locked.channel.platform)
    if connector is None or not connector.can(capability):
        raise PlatformCannot(f"{locked.channel.platform} cannot {capability}")
    if any(not part.external_id for part in parts):
        raise PlatformCannot("a member settled it by hand, so its id is not known")
    return locked


def _open_change(delivery: Delivery) -> LiveChange | None:
    return (
        LiveChange.objects.select_for_update()
        .filter(delivery=delivery, state__in=live_changes.OPEN)
        .first()
    )


def _make_room(delivery: Delivery) -> None:
    """Drop an earlier wish that has not begun: the newest counts."""
    change = _open_change(delivery)
    if change is None:
        return
    if change.state == ChangeState.SENDING:
        raise ChangeUnderWay(f"change {change.pk} is under way")
    _end(change, ChangeState.WITHDRAWN)


def _ask(
    delivery: Delivery, kind: ChangeKind, *, document: Document | None, by: Member
) -> LiveChange:
    now = clock.now()
    change = LiveChange(
        workspace_id=delivery.workspace_id,
        delivery=delivery,
        kind=kind,
        state=ChangeState.DUE,
        document=document.to_json() if document else None,
        asked_by=by,
        asked_at=now,
        ready_at=now + UNDO_FOR,
    )
    if kind == ChangeKind.EDIT:
        rule = _rule(delivery)
        if rule and rule.may_approve_own and by.may(Ability.APPROVE):
            change.approved_by = [by.pk]
        if not _is_agreed(change, rule, delivery):
            change.state = ChangeState.WAITING
    change.save()
    jobs.wake(CHANGES)
    tell_pages([delivery])
    return change


def _rule(delivery: Delivery) -> ReviewRule | None:
    return ReviewRule.objects.filter(workspace=delivery.workspace).first()


def _is_agreed(change: LiveChange, rule: ReviewRule | None, delivery: Delivery) -> bool:
    if rule is None:
        return True
    listed = Approver.objects.in_workspace(delivery.workspace).filter(rule=rule)
    return live_changes.is_agreed(
        mode=rule.mode,
        may_approve_own=rule.may_approve_own,
        listed=set(listed.values_list("member_id", flat=True)),
        able={one.pk for one in team(delivery.workspace) if one.may(Ability.APPROVE)},
        asked_by=change.asked_by_id,
        approved_by=change.approved_by,
    )


def _refuse_blocked(delivery: Delivery, document: Document) -> None:
    found = content.findings_for(
        {delivery.channel: document}, workspace=delivery.workspace, except_post=delivery.post
    )[delivery.channel_id]
    if blocks(found):
        raise ChangeRefused(found)


def _end(change: LiveChange, state: ChangeState) -> None:
    change.state, change.ended_at, change.lease_until = state, clock.now(), None
    change.save(update_fields=["state", "ended_at", "lease_until"])
