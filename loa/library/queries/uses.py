"""Where assets are used. Posts are kept above this app, so those who keep them answer.

They register in their AppConfig.ready: `counted`, `unused` (content) and `listed` (create).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from loa.library.models import Asset
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class UsedIn:
    """A post that shows an asset. word: where it is, for its chip; at: its first time."""

    post_id: int
    title: str
    word: str
    channels: tuple[str, ...]
    platforms: tuple[str, ...]
    at: datetime | None
    url_name: str


type Counter = Callable[[Workspace, Collection[int]], Mapping[int, int]]
type Narrower = Callable[[Workspace], Q]
type Lister = Callable[[Asset], Sequence[UsedIn]]

_counters: list[Counter] = []
_narrowers: list[Narrower] = []
_listers: list[Lister] = []


def counted(function: Counter) -> Counter:
    """Register who counts, by asset id, the posts that show it."""
    _counters.append(function)
    return function


def unused(function: Narrower) -> Narrower:
    """Register who knows the condition of an asset that no post shows."""
    _narrowers.append(function)
    return function


def listed(function: Lister) -> Lister:
    """Register who lists the posts that show an asset."""
    _listers.append(function)
    return function


def count_uses(workspace: Workspace, asset_ids: Collection[int]) -> dict[int, int]:
    """Return in how many posts each asset is shown; those in none are left out."""
    totals: dict[int, int] = {}
    for count in _counters if asset_ids else ():
        for asset_id, number in count(workspace, asset_ids).items():
            totals[asset_id] = totals.get(asset_id, 0) + number
    return totals


def is_unused(workspace: Workspace) -> Q:
    """Return the condition of assets that nothing shows."""
    condition = Q()
    for narrow in _narrowers:
        condition &= narrow(workspace)
    return condition


def list_uses(asset: Asset) -> list[UsedIn]:
    """Return the posts that show the asset, the latest changed first."""
    return [one for listing in _listers for one in listing(asset)]
