"""The versions of an asset."""

from django.db.models import Q, QuerySet

from loa.library.models import Asset


def versions_of(asset: Asset) -> QuerySet[Asset]:
    """Return all versions of the asset, the newest first; itself alone when there is one."""
    first = asset.family_id or asset.pk
    return (
        Asset.objects.in_workspace(asset.workspace)
        .filter(Q(pk=first) | Q(family=first))
        .select_related("uploaded_by__user")
        .order_by("-version")
    )
