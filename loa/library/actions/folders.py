"""Make folders, rename and move them, take them away without losing what is in them."""

from django.db import IntegrityError, connection, transaction

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.library.actions.finding import refresh_words
from loa.library.models import Asset, Folder
from loa.library.queries.folders import parents
from loa.library.rules.folders import may_lie_in, with_all_below
from loa.workspace.models import Member, Workspace

LONGEST_NAME = 80
MOST_FOLDERS = 1000


class FolderUnnamed(LoaError):
    """A folder needs a name."""


class FolderNameTaken(LoaError):
    """There is a folder of this name in that place."""


class FolderMisplaced(LoaError):
    """A folder cannot lie there: in itself, too deep, or in one that is gone."""


class TooManyFolders(LoaError):
    """More folders than anybody finds their way in."""


def add_folder(name: str, *, parent: Folder | None = None, by: Member) -> Folder:
    """Make a folder. FolderUnnamed, FolderNameTaken, FolderMisplaced or TooManyFolders."""
    name = _named(name)
    with transaction.atomic():
        above = _locked_tree(by.workspace)
        if len(above) >= MOST_FOLDERS:
            raise TooManyFolders(name)
        if not may_lie_in(None, parent.pk if parent else None, above):
            raise FolderMisplaced(name)
        return _kept(Folder(workspace=by.workspace, parent=parent, name=name))


def change_folder(folder: Folder, *, name: str, parent: Folder | None) -> Folder:
    """Rename a folder and put it, with all that is in it, into `parent` (None: at the top).

    FolderUnnamed, FolderNameTaken or FolderMisplaced; nothing is changed then.
    """
    name = _named(name)
    with transaction.atomic():
        above = _locked_tree(folder.workspace)
        if not may_lie_in(folder.pk, parent.pk if parent else None, above):
            raise FolderMisplaced(folder.name)
        folder.name, folder.parent = name, parent
        folder = _kept(folder)
        refresh_words(_assets_below(folder, above), workspace=folder.workspace)
    return folder


def delete_folder(folder: Folder) -> None:
    """Take a folder away; what lies in it moves up to where the folder lay.

    FolderNameTaken when a folder in it has the name of one up there; nothing is changed then.
    """
    with transaction.atomic():
        above = _locked_tree(folder.workspace)
        folder = Folder.objects.select_for_update(of=("self",)).get(pk=folder.pk)
        touched = _assets_below(folder, above)
        for inside in Folder.objects.filter(parent=folder).order_by("pk"):
            inside.parent_id = folder.parent_id
            _kept(inside)
        Asset.objects.in_workspace(folder.workspace).filter(folder=folder).update(
            folder=folder.parent_id
        )
        folder.delete()
        refresh_words(touched, workspace=folder.workspace)


def _locked_tree(workspace: Workspace) -> dict[int, int | None]:
    """Let moves of one workspace's folders take turns, so that no two make a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('loa.folders', %s))", [workspace.pk]
        )
    return parents(workspace)


def _kept(folder: Folder) -> Folder:
    folder.key = folder.name.casefold()
    try:
        with transaction.atomic():
            folder.save()
    except IntegrityError:
        raise FolderNameTaken(folder.name) from None
    return folder


def _assets_below(folder: Folder, above: dict[int, int | None]) -> list[int]:
    below = with_all_below(folder.pk, above)
    rows = Asset.objects.in_workspace(folder.workspace).filter(folder__in=below)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _named(name: str) -> str:
    name = " ".join(normalise(name).split())[:LONGEST_NAME]
    if not name:
        raise FolderUnnamed("no name")
    return name
