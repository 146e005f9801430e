"""Stop deliveries before they are sent. A cancellation is honoured or refused, never lost."""

from dataclasses import dataclass

from django.db import transaction

from loa.content.models import Post, Variant
from loa.kernel.errors import LoaError
from loa.publish.actions.telling import note, note_delivery, tell_pages
from loa.publish.models import Delivery, DeliveryQuerySet
from loa.publish.rules import lifecycle
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member

STOPPED = "thread.stopped"


class CannotCancel(LoaError):
    """It is too late to stop `delivery`."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(f"delivery {delivery.pk} is {delivery.state}")
        self.delivery = delivery


class AlreadySending(CannotCancel):
    """It is being sent at this moment; in a few seconds it is known how that ended."""


class AlreadyDelivered(CannotCancel):
    """It is live."""


class MayBeLive(CannotCancel):
    """An answer was lost: it may be live, and that is settled first."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a cancellation of a post reached, and what was too late for it."""

    stopped: tuple[Delivery, ...]
    refused: tuple[CannotCancel, ...] = ()


def cancel_post(post: Post, *, by: Member) -> Cancelled:
    """Stop everything of `post` that has not gone out.

    Raises the first CannotCancel when there is something but nothing could be stopped.
    """
    with transaction.atomic():
        locked = (
            Post.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=post.pk)
        )
        if locked.wants_sending:
            locked.wants_sending = False
            locked.save(update_fields=["wants_sending"])
        stopped: list[Delivery] = []
        refused: list[CannotCancel] = []
        for delivery in _locked(Delivery.all_work.filter(post=post).exclude(state=S.CANCELLED)):
            try:
                stopped.append(_stop(delivery))
            except CannotCancel as refusal:
                refused.append(refusal)
        if refused and not stopped:
            raise refused[0]
        tell_pages(stopped)
        note(
            locked.workspace,
            by=by,
            action="post.cancelled",
            subject=f"post:{post.pk}",
            detail={"channels": [one.channel_id for one in stopped], "too_late": len(refused)},
        )
    return Cancelled(tuple(stopped), tuple(refused))


def cancel_delivery(delivery: Delivery, *, by: Member) -> Delivery:
    """Stop one delivery, and return it as it now is. Raises CannotCancel when it is too late."""
    with transaction.atomic():
        [locked] = _locked(Delivery.all_work.filter(pk=delivery.pk))
        if locked.state != S.CANCELLED:
            _stop(locked)
            tell_pages([locked])
            note_delivery(locked, by=by, action="delivery.cancelled")
    return locked


def withdraw_variant(variant: Variant, *, by: Member) -> None:
    """Forget the delivery of `variant`, so that the variant may be deleted.

    Raises CannotCancel when any of it is live, may be, or is on its way.
    """
    with transaction.atomic():
        for delivery in _locked(Delivery.all_work.filter(variant=variant)):
            if delivery.state != S.CANCELLED:
                _stop(delivery)
            if delivery.parts.exclude(external_id="", url="").exists():
                raise AlreadyDelivered(delivery)
            tell_pages([delivery])
            note_delivery(delivery, by=by, action="delivery.withdrawn")
            delivery.delete()


def leave_failed(delivery: Delivery, *, by: Member) -> Delivery:
    """Note that nothing more shall happen to a failed delivery."""
    with transaction.atomic():
        [locked] = _locked(Delivery.all_work.filter(pk=delivery.pk))
        if locked.state == S.FAILED and locked.needs_person:
            locked.needs_person = False
            locked.save(update_fields=["needs_person"])
            tell_pages([locked])
            note_delivery(locked, by=by, action="delivery.left_failed")
    return locked


def _locked(deliveries: DeliveryQuerySet) -> list[Delivery]:
    return list(
        deliveries.select_for_update(of=("self",)).select_related("workspace").order_by("pk")
    )


def _stop(delivery: Delivery) -> Delivery:
    """Stop a locked delivery, or raise why not. A worker that holds it finds the state changed."""
    if delivery.state == S.SENDING:
        raise AlreadySending(delivery)
    if delivery.state == S.DELIVERED:
        raise AlreadyDelivered(delivery)
    if not lifecycle.may_cancel(delivery.state) or delivery.unproven_since is not None:
        raise MayBeLive(delivery)
    delivery.worker = delivery.lease_until = None
    if delivery.parts.filter(state=S.DELIVERED).exists():
        # Part of the thread is live: "cancelled" would hide that.
        delivery.state, delivery.failure_code, delivery.needs_person = S.FAILED, STOPPED, False
    else:
        delivery.state = S.CANCELLED
        if not delivery.is_comment:
            delivery.outgoing = None
        delivery.failure_code, delivery.needs_person = "", False
    delivery.failure_detail = ""
    delivery.save()
    return delivery
