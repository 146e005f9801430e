"""Reads about queues: what waits on a channel, in order."""

from datetime import datetime

from django.db.models import QuerySet

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.workspace.models import Workspace

# Past these a waiting variant is no longer one that can change places.
_GONE = ("claimed", "sending", "delivered", "uncertain", "failed", "cancelled")


def waiting_variants(workspace: Workspace, *, now: datetime) -> "QuerySet[Variant]":
    """Return the variants that wait in any queue, in order of time."""
    return (
        Variant.objects.in_workspace(workspace)
        .filter(in_queue=True, planned_at__gt=now, post__deleted_at=None)
        .exclude(delivery__state__in=_GONE)
        .select_related("post", "channel", "delivery")
        .order_by("planned_at", "pk")
    )


def queue_of(channel: Channel, *, now: datetime) -> "QuerySet[Variant]":
    """Return the variants that wait in this channel's queue, in order of time."""
    return waiting_variants(channel.workspace, now=now).filter(channel=channel)


def posts_without_time(workspace: Workspace) -> "QuerySet[Post]":
    """Return posts with a channel that have no time on any, the last changed first."""
    variants = Variant.objects.in_workspace(workspace).values("post")
    return (
        Post.objects.in_workspace(workspace)
        .filter(deleted_at=None, pk__in=variants)
        .exclude(pk__in=variants.filter(planned_at__isnull=False))
        .order_by("-changed_at", "-pk")
    )
