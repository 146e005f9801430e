"""Which assets there are, by what a person asks for, and what checks need to know of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from loa.kernel.text import fold
from loa.library.models import Asset, AssetTag
from loa.library.queries.folders import parents
from loa.library.queries.rights import rights_of
from loa.library.queries.uses import is_unused
from loa.library.rules.fitting import AssetFacts
from loa.library.rules.folders import with_all_below
from loa.library.rules.rights import ENDING_WITHIN
from loa.workspace.models import Workspace

SORTS = {
    "newest": ("-uploaded_at", "-pk"),
    "name": ("search_text", "pk"),  # begins with the name, without accents
    "size": ("-size_bytes", "-pk"),
}
NO_FOLDER = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person looks for. Empty values do not narrow.

    folder: an id, with all that lies in it, or NO_FOLDER. kind: a media type. rights:
    "ending", "ended" or "unknown". look: "unused", "undescribed" or "away" (put away).
    """

    words: str = ""
    folder: str = ""
    tag: str = ""
    kind: str = ""
    rights: str = ""
    look: str = ""
    sort: str = "newest"

    @property
    def is_narrow(self) -> bool:
        """True when something other than a folder is asked for."""
        return any((self.words, self.tag, self.kind, self.rights, self.look))


def facts_of(asset_ids: Iterable[int], *, workspace: Workspace) -> dict[int, AssetFacts]:
    """Return what checks need to know, for those of `asset_ids` that the workspace has."""
    chosen = Asset.objects.in_workspace(workspace).filter(pk__in=set(asset_ids))
    assets = list(chosen.select_related("film"))
    rights = rights_of(assets)
    return {asset.pk: replace(asset.facts, rights=rights[asset.pk]) for asset in assets}


def offered(workspace: Workspace, *, words: str = "") -> QuerySet[Asset]:
    """Return the assets to choose from, the newest first; `words` are found without accents."""
    return _saying(words, _all(workspace).filter(archived_at=None, newer=None)).order_by(
        *SORTS["newest"]
    )


def asked_for(workspace: Workspace, asked: Asked, *, today: date) -> QuerySet[Asset]:
    """Return the assets that `asked` describes, in its order."""
    assets = _saying(asked.words, _all(workspace))
    assets = assets.filter(archived_at__isnull=asked.look != "away", newer=None)
    if asked.folder == NO_FOLDER:
        assets = assets.filter(folder=None)
    elif asked.folder.isdecimal():
        below = with_all_below(int(asked.folder), parents(workspace))
        assets = assets.filter(folder__in=below)
    if asked.tag.isdecimal():
        worn = AssetTag.objects.in_workspace(workspace).filter(tag=int(asked.tag))
        assets = assets.filter(pk__in=worn.values("asset"))
    if asked.kind:
        assets = assets.filter(mime_type__startswith=asked.kind)
    if asked.look == "unused":
        assets = assets.filter(is_unused(workspace))
    if asked.look == "undescribed":
        assets = assets.filter(alt_text="")
    if asked.rights in _RIGHTS:
        assets = assets.filter(_rights(asked.rights, today))
    return assets.order_by(*SORTS.get(asked.sort, SORTS["newest"]))


_RIGHTS = ("ending", "ended", "unknown")


def _rights(asked: str, today: date) -> Q:
    if asked == "ending":
        return Q(usable_until__range=(today, today + ENDING_WITHIN))
    return Q(usable_until__lt=today) if asked == "ended" else Q(licence="")


def _all(workspace: Workspace) -> QuerySet[Asset]:
    return Asset.objects.in_workspace(workspace).select_related("film")


def _saying(words: str, assets: QuerySet[Asset]) -> QuerySet[Asset]:
    for word in fold(words).split():
        assets = assets.filter(search_text__contains=word)
    return assets
