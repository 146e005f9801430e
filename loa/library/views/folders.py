"""Make, rename, move and take away folders."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.kernel.errors import LoaError
from loa.library import actions, wording
from loa.library.models import Folder
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_compose")
def add_folder(request: LoaRequest) -> HttpResponse:
    """Make a folder, inside another one when that is said."""
    parent = folder_in(request, request.POST.get("parent", ""))
    name = request.POST.get("name", "")

    def make() -> Folder:
        return actions.add_folder(name, parent=parent, by=request.member)

    return _tried(request, make, stay=parent)


@require_POST
@requires("can_compose")
def change_folder(request: LoaRequest, folder_id: int) -> HttpResponse:
    """Rename a folder and put it where the form says."""
    folder = _folder(request, folder_id)
    parent = folder_in(request, request.POST.get("parent", ""))
    name = request.POST.get("name", folder.name)

    def change() -> Folder:
        return actions.change_folder(folder, name=name, parent=parent)

    return _tried(request, change, stay=folder)


@require_POST
@requires("can_compose")
def delete_folder(request: LoaRequest, folder_id: int) -> HttpResponse:
    """Take a folder away; what lies in it moves up."""
    folder = _folder(request, folder_id)
    up = folder.parent
    try:
        actions.delete_folder(folder)
    except LoaError as error:
        toasts.warn(request, wording.cannot_arrange(error))
        return redirect(folder_address(request, folder))
    toasts.tell(
        request,
        _("The folder “%(name)s” is gone. What was in it moved up.") % {"name": folder.name},
    )
    return redirect(folder_address(request, up))


def _tried(request: LoaRequest, act: Callable[[], Folder], *, stay: Folder | None) -> HttpResponse:
    """Do what was asked and go to the folder; or say why not, and stay."""
    try:
        folder = act()
    except LoaError as error:
        toasts.warn(request, wording.cannot_arrange(error))
        return redirect(folder_address(request, stay))
    return redirect(folder_address(request, folder))


def _folder(request: LoaRequest, folder_id: int) -> Folder:
    folders = Folder.objects.in_workspace(request.workspace).select_related("workspace", "parent")
    return get_object_or_404(folders, pk=folder_id)


def folder_in(request: LoaRequest, asked: str) -> Folder | None:
    """Return the folder with the id that a form says; None for nothing, 404 for a stranger's."""
    return _folder(request, int(asked)) if asked.isdecimal() and len(asked) < 19 else None  # noqa: PLR2004 (fits 64 bits)


def folder_address(request: LoaRequest, folder: Folder | None) -> str:
    """Return where a folder is shown; the whole library for None."""
    library = reverse("library:library", args=[request.workspace.slug])
    return f"{library}?folder={folder.pk}" if folder else library
