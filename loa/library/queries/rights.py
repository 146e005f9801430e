"""Which assets may be used until when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from loa.library.models import Asset, Consent
from loa.library.rules.rights import ENDING_WITHIN, Agreed, Ended, Rights, ended_by
from loa.workspace.models import Workspace


def rights_of(assets: Iterable[Asset]) -> dict[int, Rights]:
    """Return by id what limits the use of each of `assets`."""
    assets = list(assets)
    limited = [asset.pk for asset in assets if asset.usable_until is not None]
    agreed: dict[int, list[Agreed]] = defaultdict(list)
    if limited:
        for consent in Consent.objects.filter(asset__in=limited).order_by("pk"):
            agreed[consent.asset_id].append(Agreed(consent.person, consent.until))
    return {
        asset.pk: Rights(asset.rights_until, tuple(agreed.get(asset.pk, ()))) for asset in assets
    }


def ended_assets(days: Iterable[tuple[int, date]]) -> dict[tuple[int, date], tuple[Ended, ...]]:
    """Return, of the pairs of an asset and a day, those on which it may no longer be used.

    For the dispatcher, which works on many workspaces at once: the caller's fence decides
    what is seen.
    """
    asked = set(days)
    if not asked:
        return {}
    limited = Asset.objects.filter(pk__in={pk for pk, _ in asked}, usable_until__isnull=False)
    rights = rights_of(limited)
    found = {(pk, day): ended_by(rights[pk], on=day) for pk, day in asked if pk in rights}
    return {pair: ended for pair, ended in found.items() if ended}


def ending(workspace: Workspace, *, today: date) -> QuerySet[Asset]:
    """Return the assets on offer whose use ends within two weeks, the first to end first."""
    return (
        Asset.objects.in_workspace(workspace)
        .filter(archived_at=None, newer=None, usable_until__range=(today, today + ENDING_WITHIN))
        .order_by("usable_until", "pk")
    )
