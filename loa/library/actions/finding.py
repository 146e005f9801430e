"""Keep the words under which assets are found as they are said now."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from loa.kernel.text import fold
from loa.library.models import Asset, AssetTag
from loa.library.queries.folders import paths
from loa.workspace.models import Workspace

AT_ONCE = 500


def refresh_words(asset_ids: Collection[int], *, workspace: Workspace) -> None:
    """Write `search_text` of the assets anew: names, description, makers, tags, folders."""
    where = paths(workspace)
    tags: dict[int, list[str]] = defaultdict(list)
    worn = AssetTag.objects.in_workspace(workspace).filter(asset__in=asset_ids)
    for asset_id, name in worn.order_by("tag__key").values_list("asset_id", "tag__name"):
        tags[asset_id].append(name)
    assets = list(Asset.objects.in_workspace(workspace).filter(pk__in=asset_ids).order_by("pk"))
    for asset in assets:
        lies_in = where.get(asset.folder_id, ()) if asset.folder_id else ()
        asset.search_text = search_text(asset, more=(*tags[asset.pk], *lies_in))
    Asset.objects.bulk_update(assets, ["search_text"], batch_size=AT_ONCE)


def search_text(asset: Asset, *, more: Iterable[str] = ()) -> str:
    """Return the words under which an asset is found, without accents, its name first."""
    said = (asset.filename, asset.alt_text, asset.creator, asset.credit, *more)
    return fold(" ".join(word for word in said if word))
