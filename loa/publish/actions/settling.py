"""What a person decides when Loa cannot: a failed delivery, or one that may be live."""

import uuid
from urllib.parse import urlsplit

from django.db import transaction

from loa.content import queries as content
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.publish.actions.cancelling import STOPPED
from loa.publish.actions.scheduling import NotApproved, make_due
from loa.publish.actions.telling import note_delivery, tell_pages, wake_dispatcher
from loa.publish.models import Attempt, Delivery, DeliveryPart
from loa.publish.queries import doubt_of, means_of
from loa.publish.rules import settling
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member

LONGEST_LINK_CHARS = 1024
LEFT = "settled.not_live"


class CannotSettle(LoaError):
    """What was decided does not fit the delivery as it is now."""


class NotFailed(CannotSettle):
    """Only a failed delivery can be tried again by hand."""


class NotUncertain(CannotSettle):
    """There is nothing to settle: what happened is known."""


class TooSoonToTell(CannotSettle):
    """It may still appear on the platform: look again in a minute."""


class WrongLink(CannotSettle):
    """The link is not the address of a page."""


def retry_failed(delivery: Delivery, *, by: Member) -> Delivery:
    """Try a failed delivery again, now, with the newest words if none of it is live.

    Raises NotFailed, or NotApproved when the review rule does not let those words out.
    """
    now = clock.now()
    with transaction.atomic():
        locked = _locked(delivery)
        if locked.state != S.FAILED:
            raise NotFailed(f"delivery {locked.pk} is {locked.state}")
        due_at = locked.due_at
        make_due(locked, due_at=due_at, now=now)
        locked.ready_at = now
        if locked.outgoing is None and not content.may_go_out(locked.post):
            raise NotApproved(f"post {locked.post_id} is not approved as it is")
        locked.scheduled_by, locked.scheduled_at = by, now
        locked.save()
        tell_pages([locked])
        wake_dispatcher()
        note_delivery(locked, by=by, action="delivery.retried")
    return locked


def settle_as_live(delivery: Delivery, *, url: str, by: Member) -> Delivery:
    """Note that a person found the delivery live, at `url`. The rest of a thread goes on.

    Raises NotUncertain or WrongLink.
    """
    url = _checked(url)
    now = clock.now()
    with transaction.atomic():
        locked = _locked(delivery)
        if locked.state not in {S.UNCERTAIN, S.FAILED}:
            raise NotUncertain(f"delivery {locked.pk} is {locked.state}")
        part = _open_part(locked)
        if part is not None:
            part.url, part.state, part.delivered_at = url, S.DELIVERED, now
            part.save(update_fields=["url", "state", "delivered_at"])
        more = _open_part(locked) is not None
        locked.settled_by, locked.settled_at = by, now
        locked.unproven_since = locked.look_at = None
        locked.needs_person = False
        if more:
            # Without the platform's own id nothing can be hung below that part.
            locked.state, locked.failure_code, locked.failure_detail = S.FAILED, STOPPED, ""
        else:
            first = locked.parts.order_by("position").first()
            locked.state, locked.proof, locked.delivered_at = S.DELIVERED, _PERSON, now
            locked.external_id = first.external_id if first else ""
            locked.url = (first.url if first else "") or url
            locked.failure_code = locked.failure_detail = ""
        locked.save()
        _note(locked, part, outcome="live", by=by)
        tell_pages([locked])
        note_delivery(locked, by=by, action="delivery.settled_as_live", url=url)
    return locked


def settle_as_not_live(delivery: Delivery, *, by: Member, resend: bool) -> Delivery:
    """Note that a person looked and did not find it; send it again, or leave it.

    It is sent under a fresh key: the platform may remember the old one. Raises NotUncertain,
    or TooSoonToTell while it may still appear.
    """
    now = clock.now()
    with transaction.atomic():
        locked = _locked(delivery)
        if locked.state != S.UNCERTAIN:
            raise NotUncertain(f"delivery {locked.pk} is {locked.state}")
        if not settling.may_judge(doubt_of(locked), means_of(locked.channel), now=now):
            raise TooSoonToTell(f"delivery {locked.pk} was sent moments ago")
        part = _open_part(locked)
        locked.settled_by, locked.settled_at = by, now
        locked.unproven_since = locked.look_at = locked.last_miss_at = None
        locked.clean_misses = 0
        if resend:
            locked.key = uuid.uuid4()
            if part is not None:
                part.key = f"{locked.key}.{part.position}"
                part.state, part.reference, part.staged = S.DUE, "", None
                part.save(update_fields=["key", "state", "reference", "staged"])
            make_due(locked, due_at=locked.due_at, now=now)
            locked.ready_at = now
            wake_dispatcher()
        else:
            locked.state, locked.failure_code, locked.needs_person = S.FAILED, LEFT, False
            locked.failure_detail = ""
        locked.save()
        _note(locked, part, outcome="missing", by=by)
        tell_pages([locked])
        note_delivery(locked, by=by, action="delivery.settled_as_not_live", resend=resend)
    return locked


_PERSON = Delivery.Proof.PERSON


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.all_work.select_for_update(of=("self",))
        .select_related("channel", "post__workspace", "workspace")
        .get(pk=delivery.pk)
    )


def _open_part(delivery: Delivery) -> DeliveryPart | None:
    """Return the first part that is not known to be live."""
    return delivery.parts.exclude(state=S.DELIVERED).order_by("position").first()


def _note(delivery: Delivery, part: DeliveryPart | None, *, outcome: str, by: Member) -> None:
    """Keep the decision among the evidence."""
    now = clock.now()
    Attempt.objects.create(
        workspace_id=delivery.workspace_id,
        delivery=delivery,
        position=part.position if part else None,
        step="settle",
        started_at=now,
        ended_at=now,
        outcome=outcome,
        detail=str(by),
    )


def _checked(url: str) -> str:
    """Return the link a person pasted; raises WrongLink when it is no web address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise WrongLink("the link cannot be read") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongLink("the link is no web address")
    if len(url) > LONGEST_LINK_CHARS:
        raise WrongLink("the link is too long")
    return url
