"""Put many assets into a folder, tag them, put them away; each gives what undoing it needs."""

from collections.abc import Collection, Mapping

from django.db import transaction

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.library.actions.finding import refresh_words
from loa.library.models import Asset, AssetTag, Folder, Tag
from loa.ops import clock
from loa.workspace.models import Member, Workspace

LONGEST_TAG = 40
MOST_TAGS = 2000


class FolderGone(LoaError):
    """The folder was taken away meanwhile."""


class TagUnnamed(LoaError):
    """A tag needs a word."""


class TooManyTags(LoaError):
    """More tags than anybody reads."""


def move_assets(
    asset_ids: Collection[int], *, folder: Folder | None, by: Member
) -> dict[int, int | None]:
    """Put assets into `folder` (None: into none). Returns where those that moved lay before.

    FolderGone when it was taken away meanwhile.
    """
    with transaction.atomic():
        if folder and not Folder.objects.select_for_update().filter(pk=folder.pk).exists():
            raise FolderGone(folder.name)
        moving = _locked(asset_ids, by.workspace)
        before = {one.pk: one.folder_id for one in moving if one.folder_id != _id(folder)}
        _place(dict.fromkeys(before, _id(folder)), by.workspace)
    return before


def put_back(before: Mapping[int, int | None], *, by: Member) -> None:
    """Put assets where they lay; those whose folder is gone come to lie in none."""
    with transaction.atomic():
        there = set(Folder.objects.in_workspace(by.workspace).values_list("pk", flat=True))
        moving = _locked(before, by.workspace)
        places = {one.pk: before[one.pk] for one in moving}
        _place({pk: at if at in there else None for pk, at in places.items()}, by.workspace)


def tag_assets(asset_ids: Collection[int], *, name: str, by: Member) -> tuple[Tag, list[int]]:
    """Put a tag on assets. Returns it, and those that did not have it. TagUnnamed, TooManyTags."""
    name = " ".join(normalise(name).lstrip("#").split())[:LONGEST_TAG]
    if not name:
        raise TagUnnamed("no word")
    with transaction.atomic():
        tag = Tag.objects.in_workspace(by.workspace).filter(key=name.casefold()).first()
        if tag is None:
            if Tag.objects.in_workspace(by.workspace).count() >= MOST_TAGS:
                raise TooManyTags(name)
            tag, _made = Tag.objects.get_or_create(
                workspace=by.workspace, key=name.casefold(), defaults={"name": name}
            )
        assets = _locked(asset_ids, by.workspace)
        has = set(
            AssetTag.objects.filter(asset__in=assets, tag=tag).values_list("asset_id", flat=True)
        )
        fresh = [one.pk for one in assets if one.pk not in has]
        AssetTag.objects.bulk_create(
            AssetTag(workspace=by.workspace, asset_id=pk, tag=tag) for pk in fresh
        )
        refresh_words(fresh, workspace=by.workspace)
    return tag, fresh


def untag_assets(asset_ids: Collection[int], *, tag: Tag, by: Member) -> list[int]:
    """Take a tag off assets, and away when it was the last. Returns those that had it."""
    with transaction.atomic():
        assets = _locked(asset_ids, by.workspace)
        worn = AssetTag.objects.in_workspace(by.workspace).filter(asset__in=assets, tag=tag)
        had = sorted(worn.values_list("asset_id", flat=True))
        worn.delete()
        if not AssetTag.objects.filter(tag=tag).exists():
            tag.delete()
        refresh_words(had, workspace=by.workspace)
    return had


def archive_assets(asset_ids: Collection[int], *, by: Member) -> list[int]:
    """Stop offering assets; posts keep them. Returns those that were on offer."""
    with transaction.atomic():
        away = [one.pk for one in _locked(asset_ids, by.workspace) if one.archived_at is None]
        Asset.objects.filter(pk__in=away).update(archived_at=clock.now())
    return away


def offer_assets(asset_ids: Collection[int], *, by: Member) -> list[int]:
    """Offer assets again. Returns those that had been put away."""
    with transaction.atomic():
        back = [one.pk for one in _locked(asset_ids, by.workspace) if one.archived_at is not None]
        Asset.objects.filter(pk__in=back).update(archived_at=None)
    return back


def _locked(asset_ids: Collection[int], workspace: Workspace) -> list[Asset]:
    rows = Asset.objects.in_workspace(workspace).filter(pk__in=asset_ids)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _place(places: Mapping[int, int | None], workspace: Workspace) -> None:
    for folder_id in set(places.values()):
        there = [pk for pk, place in places.items() if place == folder_id]
        Asset.objects.filter(pk__in=there).update(folder=folder_id)
    refresh_words(list(places), workspace=workspace)


def _id(folder: Folder | None) -> int | None:
    return folder.pk if folder else None
