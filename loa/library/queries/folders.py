"""The folders and tags of a workspace."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from loa.library.models import Asset, Folder, Tag
from loa.library.rules.folders import Branch, Seat, in_order, with_all_below
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of the tree with the number of assets on offer in it and below."""

    seat: Seat
    count: int


def tree(workspace: Workspace) -> tuple[Seat, ...]:
    """Return all folders as a tree reads."""
    rows = Folder.objects.in_workspace(workspace).values_list("pk", "name", "parent_id")
    return in_order(Branch(*row) for row in rows.order_by("pk"))


def paths(workspace: Workspace) -> dict[int, tuple[str, ...]]:
    """Return the names from the top down to each folder, by its id."""
    return {seat.id: seat.path for seat in tree(workspace)}


def parents(workspace: Workspace) -> dict[int, int | None]:
    """Return by id in which folder each folder lies."""
    rows = Folder.objects.in_workspace(workspace).order_by("pk")
    return dict(rows.values_list("pk", "parent_id"))


def shelves(workspace: Workspace) -> tuple[Shelf, ...]:
    """Return the tree with how much is on offer in each folder, what lies below included."""
    seats = tree(workspace)
    if not seats:
        return ()
    rows = (
        Asset.objects.in_workspace(workspace)
        .filter(archived_at=None, newer=None, folder__isnull=False)
        .order_by()
        .values("folder")
        .annotate(count=Count("pk"))
    )
    own = dict(rows.values_list("folder", "count"))
    above = parents(workspace)
    return tuple(
        Shelf(seat, sum(own.get(one, 0) for one in with_all_below(seat.id, above)))
        for seat in seats
    )


def tags(workspace: Workspace) -> QuerySet[Tag]:
    """Return the tags, in the order of their names."""
    return Tag.objects.in_workspace(workspace).order_by("key", "pk")
