"""Which assets there are, and what checks need to know of them."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from loa.kernel.text import fold
from loa.library.models import Asset
from loa.library.queries.rights import rights_of
from loa.library.rules.fitting import AssetFacts
from loa.workspace.models import Workspace


def facts_of(asset_ids: Iterable[int], *, workspace: Workspace) -> dict[int, AssetFacts]:
    """Return what checks need to know, for those of `asset_ids` that the workspace has."""
    chosen = Asset.objects.in_workspace(workspace).filter(pk__in=set(asset_ids))
    assets = list(chosen.select_related("film"))
    rights = rights_of(assets)
    return {asset.pk: replace(asset.facts, rights=rights[asset.pk]) for asset in assets}


def offered(workspace: Workspace, *, words: str = "") -> QuerySet[Asset]:
    """Return the assets to choose from, the newest first; `words` are found without accents."""
    assets = Asset.objects.in_workspace(workspace).select_related("film").filter(archived_at=None)
    for word in fold(words).split():
        assets = assets.filter(search_text__contains=word)
    return assets.order_by("-uploaded_at", "-pk")
