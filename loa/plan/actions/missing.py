"""Decide about posts that were missed: send them now, find them another slot, or drop them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import queries
from loa.plan.actions.locks import lock_posts, lock_queues
from loa.plan.actions.moving import touch
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.workspace.models import Member, Workspace


class Choice(StrEnum):
    """What to do with a missed post."""

    SEND = "send"
    SLOT = "slot"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were settled as wished, and how many could not be."""

    done_count: int
    refused_count: int = 0


def settle_missed(
    workspace: Workspace, delivery_ids: Collection[int], *, choice: Choice, by: Member
) -> Settled:
    """Do with missed deliveries what `by` chose. What was settled meanwhile is left out."""
    if choice is Choice.SEND:
        sent, refused = publish.send_missed(workspace, delivery_ids, by=by)
        return Settled(len(sent), len(refused))
    settle = _give_slot if choice is Choice.SLOT else _drop
    done = refused_count = 0
    for delivery in queries.missed_deliveries(workspace).filter(pk__in=delivery_ids):
        try:
            with transaction.atomic():
                settle(delivery, by=by)
            done += 1
        except LoaError:
            refused_count += 1
    return Settled(done, refused_count)


def _give_slot(delivery: Delivery, *, by: Member) -> None:
    """Move it to the next free slot of its channel; NoFreeSlot when there is none."""
    # Here, for queueing imports what this package is made of.
    from loa.plan.actions.queueing import NoFreeSlot  # noqa: PLC0415

    workspace, variant = delivery.workspace, delivery.variant
    if variant is None:
        return
    lock_queues(workspace, [delivery.channel_id])
    post = lock_posts(workspace, [delivery.post_id])[delivery.post_id]
    free = queries.next_free_slots(
        workspace, [delivery.channel_id], now=clock.now(), leaving_out=[variant.pk]
    )[delivery.channel_id]
    if not free:
        raise NoFreeSlot([delivery.channel])
    publish.reschedule_variants(post, times={variant.pk: free[0].planned}, in_queue=True, by=by)
    touch([post])


def _drop(delivery: Delivery, *, by: Member) -> None:
    publish.cancel_delivery(delivery, by=by)
