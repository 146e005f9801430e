"""Which posts show an asset."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from loa.content.models import Post, Showing
from loa.library.queries import uses
from loa.workspace.models import Workspace


def showing(workspace: Workspace, asset_ids: Collection[int]) -> QuerySet[Post]:
    """Return the posts, bin excluded, that show any of the assets in any of their documents."""
    shown = _showings(workspace).filter(asset_id__in=asset_ids)
    return Post.objects.in_workspace(workspace).filter(pk__in=shown.values("post"))


@uses.counted
def count_posts(workspace: Workspace, asset_ids: Collection[int]) -> dict[int, int]:
    """Return in how many posts each asset is shown; those in none are left out."""
    rows = _showings(workspace).filter(asset_id__in=asset_ids).order_by().values("asset_id")
    return dict(rows.annotate(posts=Count("pk")).values_list("asset_id", "posts"))


@uses.unused
def no_post_shows_it(workspace: Workspace) -> Q:
    """Return the condition of an asset that no post shows, the bin excluded."""
    return ~Q(Exists(_showings(workspace).filter(asset_id=OuterRef("pk"))))


def _showings(workspace: Workspace) -> QuerySet[Showing]:
    return Showing.objects.in_workspace(workspace).filter(post__deleted_at=None)
