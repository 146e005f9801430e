"""Reads about campaigns for their pages."""

from django.db.models import Count, Max, Min, Q, QuerySet

from loa.content.models import Campaign, Post
from loa.workspace.models import Workspace


def campaigns(workspace: Workspace, *, archived: bool = False) -> QuerySet[Campaign]:
    """Return the campaigns in use, or the archived ones, with what they hold, by name.

    post_count: posts outside the bin. begins_at, ends_at: their first and last planned time.
    """
    kept = Q(posts__deleted_at=None)
    return (
        Campaign.objects.in_workspace(workspace)
        .filter(archived_at__isnull=not archived)
        .annotate(
            post_count=Count("posts", filter=kept, distinct=True),
            begins_at=Min("posts__variants__planned_at", filter=kept),
            ends_at=Max("posts__variants__planned_at", filter=kept),
        )
        .order_by("name", "pk")
    )


def newest_posts(campaign: Campaign, *, most: int = 8) -> QuerySet[Post]:
    """Return the posts of a campaign that were changed last."""
    posts = Post.objects.filter(campaign=campaign, deleted_at=None)
    return posts.order_by("-changed_at", "-pk")[:most]
