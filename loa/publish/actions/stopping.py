"""Stop what waits of many posts at once, as a cancellation of each delivery would."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from loa.publish.actions.telling import tell_pages
from loa.publish.models import Delivery, DeliveryPart
from loa.publish.rules import lifecycle
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.actions import Happened


@dataclass(slots=True)
class Stopped:
    """What became of posts, by id. out: live, on their way or in doubt. half_out: in part.

    stopped: those of which something waited and waits no more, with what the audit trail is to
    say about each.
    """

    out: set[int] = field(default_factory=set)
    half_out: set[int] = field(default_factory=set)
    stopped: dict[int, list[Happened]] = field(default_factory=dict)


def stop_waiting(post_ids: Collection[int]) -> Stopped:
    """Stop what waits of locked posts; one that is out is left alone, and so is one half out."""
    rows = Delivery.objects.select_for_update(of=("self",)).filter(post__in=post_ids)
    deliveries = list(rows.order_by("pk"))
    begun = set(
        DeliveryPart.objects.filter(delivery__in=deliveries, state=S.DELIVERED).values_list(
            "delivery__post_id", flat=True
        )
    )
    found = Stopped()
    due: defaultdict[int, list[Delivery]] = defaultdict(list)
    for one in deliveries:
        if one.unproven_since or not lifecycle.may_change_content(one.state):
            found.out.add(one.post_id)
        elif one.state == S.DUE:
            due[one.post_id].append(one)
    found.half_out = begun - found.out
    left = found.out | found.half_out
    ending = [one for post_id, some in due.items() if post_id not in left for one in some]
    Delivery.objects.filter(pk__in=[one.pk for one in ending]).update(
        state=S.CANCELLED,
        worker=None,
        lease_until=None,
        outgoing=None,
        failure_code="",
        failure_detail="",
        needs_person=False,
    )
    tell_pages(ending)
    for one in ending:
        found.stopped.setdefault(one.post_id, []).append(
            Happened(
                action="delivery.cancelled",
                subject=f"delivery:{one.pk}",
                detail={"post": one.post_id, "channel": one.channel_id},
            )
        )
    return found
