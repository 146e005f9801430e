"""The log: every delivery of a workspace, first comments among them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from loa.channels.models import Channel
from loa.content.models import Post
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Workspace


class Shown(StrEnum):
    """Which deliveries the log shows. PAST: all but what waits for its time."""

    PAST = ""
    NEEDS_PERSON = "needs_person"
    WAITING = "waiting"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; channel_id None stands for all channels."""

    shown: Shown = Shown.PAST
    channel_id: int | None = None


def log(workspace: Workspace, filters: Filters, *, now: datetime) -> QuerySet[Delivery]:
    """Return the deliveries asked for: the newest first, what waits in the order it goes out."""
    found = _on(workspace, filters.channel_id).filter(_asked(filters.shown, now=now))
    found = found.select_related("channel", "variant__post", "post")
    if filters.shown == Shown.WAITING:
        return found.order_by("due_at", "pk")
    return found.annotate(at=Coalesce("delivered_at", "due_at")).order_by("-at", "-pk")


def count_by_view(
    workspace: Workspace, *, channel_id: int | None, now: datetime
) -> dict[Shown, int]:
    """Return how many deliveries each view of the log holds, in one query."""
    counted = _on(workspace, channel_id).aggregate(
        **{f"in_{one.name}": Count("pk", filter=_asked(one, now=now)) for one in Shown}
    )
    return {one: counted[f"in_{one.name}"] for one in Shown}


def count_needing_a_person(workspace: Workspace) -> int:
    """Return on how many deliveries somebody must decide."""
    return Delivery.all_work.in_workspace(workspace).needing_a_person().count()


def channels_with_deliveries(workspace: Workspace) -> list[Channel]:
    """Return the channels that the log can be narrowed to."""
    return list(Channel.objects.in_workspace(workspace).order_by("name", "pk"))


def deliveries_of(post: Post) -> list[Delivery]:
    """Return every delivery of `post`, each followed by the one of its first comment."""
    found = (
        Delivery.all_work.in_workspace(post.workspace)
        .filter(post=post)
        .select_related("channel", "variant__post", "post")
    )
    return sorted(found, key=lambda one: (one.after_id or one.pk, one.pk))


def _on(workspace: Workspace, channel_id: int | None) -> QuerySet[Delivery]:
    work = Delivery.all_work.in_workspace(workspace)
    return work if channel_id is None else work.filter(channel=channel_id)


def _asked(shown: Shown, *, now: datetime) -> Q:
    match shown:
        case Shown.PAST:
            return ~Q(state__in=[S.DUE, S.CANCELLED]) | Q(due_at__lte=now)
        case Shown.NEEDS_PERSON:
            return Q(state__in=[S.FAILED, S.UNCERTAIN], needs_person=True)
        case Shown.WAITING:
            return Q(state__in=[S.DUE, S.CLAIMED, S.SENDING])
        case _:
            return Q(state=shown.value)
