"""What can be changed about a live delivery, and the change that is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from loa.connectors.contract import Capability
from loa.connectors.registry import all_connectors
from loa.content.models import ReviewRule
from loa.content.queries import review_mode
from loa.content.rules.document import Document, Part, document_from_json
from loa.publish.models import Delivery, LiveChange
from loa.publish.rules import live_changes
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.live_changes import ChangeKind, ChangeState
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Ability


@dataclass(frozen=True, slots=True)
class CaptionField:
    """One part's words in the form. words: as they are, or as somebody typed them."""

    number: int
    words: str
    is_only: bool

    @property
    def id(self) -> str:
        """The name of its field on the page."""
        return f"caption-{self.number}"


@dataclass(frozen=True, slots=True)
class LiveShown:
    """What this member can do about a live delivery. failed: the last change, if it failed."""

    captions: tuple[CaptionField, ...]
    change: LiveChange | None
    failed: LiveChange | None
    may_edit: bool
    may_remove: bool
    may_approve: bool
    may_withdraw: bool
    cannot_edit: bool
    needs_approval: bool

    @property
    def new_parts(self) -> tuple[Part, ...]:
        """What an open edit would say."""
        if self.change is None or self.change.document is None:
            return ()
        return document_from_json(self.change.document).parts


def live_shown(
    delivery: Delivery, document: Document, *, member: Member, typed: Sequence[str] = ()
) -> LiveShown | None:
    """Return what `member` can do about a live delivery; None while it is not live."""
    if delivery.state != S.DELIVERED or delivery.removed_at is not None:
        return None
    changes = LiveChange.objects.filter(delivery=delivery).select_related("asked_by__user")
    latest = changes.order_by("-pk").first()
    change = latest if latest is not None and latest.state in live_changes.OPEN else None
    is_sending = change is not None and change.state == ChangeState.SENDING
    is_removal = change is not None and change.kind == ChangeKind.REMOVE
    can_edit, can_remove = _can(delivery, Capability.EDIT), _can(delivery, Capability.DELETE)
    schedules, settles = member.may(Ability.SCHEDULE), member.may(Ability.SETTLE)
    return LiveShown(
        captions=_captions(document, typed),
        change=change,
        failed=latest if latest is not None and latest.state == ChangeState.FAILED else None,
        may_edit=can_edit and schedules and not is_sending,
        may_remove=can_remove and settles and not is_sending and not is_removal,
        may_approve=_may_approve(change, delivery, member),
        may_withdraw=change is not None
        and not is_sending
        and (settles if is_removal else schedules),
        cannot_edit=schedules and not can_edit,
        needs_approval=review_mode(delivery.workspace) != ReviewRule.Mode.NONE,
    )


def edits_wanted_from(member: Member) -> QuerySet[Delivery]:
    """Return the live deliveries whose new words wait for this member's word."""
    waiting = LiveChange.objects.in_workspace(member.workspace).filter(
        delivery=OuterRef("pk"), state=ChangeState.WAITING
    )
    own = ReviewRule.objects.filter(workspace=member.workspace, may_approve_own=True)
    found = Delivery.objects.in_workspace(member.workspace).filter(
        Exists(waiting.exclude(asked_by=member)) | (Exists(waiting) & Exists(own)),
        ~Exists(waiting.filter(approved_by__contains=member.pk)),
        state=S.DELIVERED,
    )
    return found.select_related("channel", "post").order_by("pk")


def _can(delivery: Delivery, capability: Capability) -> bool:
    """Say whether the platform can do it with this post: its ids must be known."""
    connector = all_connectors().get(delivery.channel.platform)
    if connector is None or not connector.can(capability):
        return False
    return delivery.parts.exists() and not delivery.parts.filter(external_id="").exists()


def _may_approve(change: LiveChange | None, delivery: Delivery, member: Member) -> bool:
    if change is None or change.state != ChangeState.WAITING:
        return False
    if not member.may(Ability.APPROVE) or member.pk in change.approved_by:
        return False
    if change.asked_by_id != member.pk:
        return True
    rule = ReviewRule.objects.filter(workspace=delivery.workspace).first()
    return rule is not None and rule.may_approve_own


def _captions(document: Document, typed: Sequence[str]) -> tuple[CaptionField, ...]:
    said = [part.caption for part in document.parts]
    words = list(typed) if len(typed) == len(said) else said
    return tuple(
        CaptionField(number, one, len(said) == 1) for number, one in enumerate(words, start=1)
    )
