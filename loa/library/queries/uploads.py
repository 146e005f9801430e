"""Reads about files that are still on their way."""

from django.db.models import QuerySet

from loa.library.models import Upload
from loa.workspace.models import Member


def unfinished(member: Member) -> QuerySet[Upload]:
    """Return what this member began to send and has not finished, the latest first."""
    mine = Upload.objects.in_workspace(member.workspace).filter(sent_by=member, finished_at=None)
    return mine.order_by("-touched_at", "-pk")
