"""Feeds outside, and what came from them."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from loa.intake.models import Source, SourceEntry
from loa.intake.rules.polling import TELL_AFTER
from loa.workspace.models import Workspace

MOST_ENTRIES = 30


def sources_of(workspace: Workspace) -> QuerySet[Source]:
    """Return the feeds of a workspace by name, each with how many posts it gave."""
    return (
        Source.objects.in_workspace(workspace)
        .annotate(post_count=Count("entries", filter=Q(entries__post__isnull=False)))
        .order_by("name", "pk")
    )


def failing_sources(workspace: Workspace, *, now: datetime) -> QuerySet[Source]:
    """Return the feeds that have failed for so long that a person should know."""
    return (
        Source.objects.in_workspace(workspace)
        .filter(paused_at=None, failing_since__lte=now - TELL_AFTER)
        .order_by("failing_since", "pk")
    )


def recent_entries(source: Source) -> list[SourceEntry]:
    """Return what came last from a feed."""
    entries = SourceEntry.objects.in_workspace(source.workspace).filter(source=source)
    return list(entries.select_related("post").order_by("-seen_at", "-pk")[:MOST_ENTRIES])
