"""Decide how late a post still goes out by itself, and send what was missed."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from loa.content import queries as content
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.publish.actions.scheduling import make_due
from loa.publish.actions.telling import note, note_delivery, tell_pages, wake_dispatcher
from loa.publish.models import Delivery
from loa.publish.rules import lateness
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member, Workspace

MISSED = "late.missed"


class NoSuchWait(LoaError):
    """Nobody can choose to send so late."""


def set_lateness(workspace: Workspace, *, within: timedelta, by: Member) -> None:
    """Let missed posts go out by themselves up to `within` after their time; later, ask.

    Holds for what already waits, too. Raises NoSuchWait.
    """
    if within not in lateness.CHOICES:
        raise NoSuchWait(str(within))
    with transaction.atomic():
        locked = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        workspace.sends_late_within_s = int(within.total_seconds())
        if locked.sends_late_within_s == workspace.sends_late_within_s:
            return
        locked.sends_late_within_s = workspace.sends_late_within_s
        locked.save(update_fields=["sends_late_within_s"])
        Delivery.objects.in_workspace(workspace).filter(state=S.DUE, outgoing__isnull=True).update(
            late_after=Greatest(F("due_at"), F("scheduled_at")) + within
        )
        note(
            locked,
            by=by,
            action="sending.lateness_set",
            subject=f"workspace:{locked.pk}",
            detail={"minutes": locked.sends_late_within_s // 60},
        )


def send_missed(
    workspace: Workspace, delivery_ids: Collection[int], *, by: Member
) -> tuple[list[Delivery], list[Delivery]]:
    """Send missed deliveries now, those of one channel one after the other, never in a burst.

    Returns what goes out, and what may not because its approval no longer holds. What was
    settled in the meantime is left out.
    """
    now = clock.now()
    sent: list[Delivery] = []
    refused: list[Delivery] = []
    with transaction.atomic():
        by_channel: dict[int, list[Delivery]] = defaultdict(list)
        for delivery in _missed(workspace, delivery_ids):
            if content.may_go_out(delivery.post):
                by_channel[delivery.channel_id].append(delivery)
            else:
                refused.append(delivery)
        for deliveries in by_channel.values():
            times = lateness.spaced([one.due_at for one in deliveries], now=now)
            for delivery, at in zip(deliveries, times, strict=True):
                make_due(delivery, due_at=delivery.due_at, now=at)
                delivery.ready_at = at
                delivery.scheduled_by, delivery.scheduled_at = by, now
                delivery.save()
                note_delivery(delivery, by=by, action="delivery.retried")
                sent.append(delivery)
        tell_pages(sent)
        wake_dispatcher()
    return sent, refused


def _missed(workspace: Workspace, delivery_ids: Collection[int]) -> list[Delivery]:
    """Lock what of these was missed and still waits for a decision, the oldest first."""
    rows = Delivery.objects.in_workspace(workspace).filter(
        pk__in=delivery_ids, state=S.FAILED, failure_code=MISSED
    )
    found = rows.select_for_update(of=("self",)).select_related("workspace", "post__workspace")
    return sorted(found.order_by("pk"), key=lambda one: (one.due_at, one.pk))
