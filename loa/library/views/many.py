"""Do one thing to many pictures, and take it back."""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from loa.kernel.errors import LoaError
from loa.library import actions, queries, wording
from loa.library.models import Folder, Tag
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires

SALT = "library.many"
UNDO_WITHIN_S = 3600
MOST = 200

type Undo = dict[str, Any]


@require_POST
@requires("can_compose")
def arrange(request: LoaRequest) -> HttpResponse:
    """Move, tag, put away or offer again what is chosen."""
    chosen = [int(one) for one in request.POST.getlist("asset") if _is_id(one)][:MOST]
    do = _DO.get(request.POST.get("do", ""))
    if not chosen or do is None:
        toasts.warn(request, _("Nothing was chosen. Tick pictures first."))
        return _back(request)
    try:
        words, undo = do(request, chosen)
    except LoaError as error:
        toasts.warn(request, wording.cannot_arrange(error))
        return _back(request)
    if undo is None:
        toasts.tell(request, words)
    else:
        kept = signing.dumps(undo, salt=SALT, compress=True)
        path = reverse("library:undo-arranging", args=[request.workspace.slug])
        back = {name: request.POST.get(name, "") for name in ("query", "page")}
        undo_url = f"{path}?{urlencode({'was': kept, **back})}"
        toasts.tell_with_undo(request, words, undo_url=undo_url)
    return _back(request)


@require_POST
@requires("can_compose")
def undo_arranging(request: LoaRequest) -> HttpResponse:
    """Take back what was done to many."""
    try:
        undo: Undo = signing.loads(request.GET.get("was", ""), salt=SALT, max_age=UNDO_WITHIN_S)
    except signing.BadSignature:
        toasts.warn(request, _("This can no longer be undone."))
        return _back(request)
    ids, by = undo["ids"], request.member
    match undo["do"]:
        case "move":
            actions.put_back({int(pk): at for pk, at in undo["was"].items()}, by=by)
        case "tag":
            actions.tag_assets(ids, name=undo["name"], by=by)
        case "untag":
            tag = Tag.objects.in_workspace(request.workspace).filter(pk=undo["tag"]).first()
            if tag is not None:
                actions.untag_assets(ids, tag=tag, by=by)
        case "offer":
            actions.offer_assets(ids, by=by)
        case _:
            actions.archive_assets(ids, by=by)
    toasts.tell(request, _("Undone."))
    return _back(request)


def _move(request: LoaRequest, chosen: list[int]) -> tuple[str, Undo | None]:
    asked = request.POST.get("folder", "")
    folders = Folder.objects.in_workspace(request.workspace)
    folder = get_object_or_404(folders, pk=int(asked)) if _is_id(asked) else None
    was = actions.move_assets(chosen, folder=folder, by=request.member)
    words = ngettext("%(count)s picture moved.", "%(count)s pictures moved.", len(was))
    return words % {"count": len(was)}, {"do": "move", "ids": [], "was": was} if was else None


def _tag(request: LoaRequest, chosen: list[int]) -> tuple[str, Undo | None]:
    tag, fresh = actions.tag_assets(chosen, name=request.POST.get("tag", ""), by=request.member)
    words = ngettext(
        "%(count)s picture has the tag “%(tag)s” now.",
        "%(count)s pictures have the tag “%(tag)s” now.",
        len(fresh),
    )
    undo = {"do": "untag", "ids": fresh, "tag": tag.pk} if fresh else None
    return words % {"count": len(fresh), "tag": tag.name}, undo


def _untag(request: LoaRequest, chosen: list[int]) -> tuple[str, Undo | None]:
    key = " ".join(request.POST.get("tag", "").lstrip("#").split()).casefold()
    tag = Tag.objects.in_workspace(request.workspace).filter(key=key).first()
    had = actions.untag_assets(chosen, tag=tag, by=request.member) if tag else []
    words = ngettext(
        "%(count)s picture lost the tag “%(tag)s”.",
        "%(count)s pictures lost the tag “%(tag)s”.",
        len(had),
    )
    name = tag.name if tag else key
    undo = {"do": "tag", "ids": had, "name": name} if had else None
    return words % {"count": len(had), "tag": name}, undo


def _archive(request: LoaRequest, chosen: list[int]) -> tuple[str, Undo | None]:
    away = actions.archive_assets(chosen, by=request.member)
    words = wording.put_away(len(away), used=len(queries.count_uses(request.workspace, away)))
    return words, {"do": "offer", "ids": away} if away else None


def _offer(request: LoaRequest, chosen: list[int]) -> tuple[str, Undo | None]:
    back = actions.offer_assets(chosen, by=request.member)
    words = ngettext(
        "%(count)s picture is offered again.", "%(count)s pictures are offered again.", len(back)
    )
    return words % {"count": len(back)}, {"do": "archive", "ids": back} if back else None


_DO: dict[str, Callable[[LoaRequest, list[int]], tuple[str, Undo | None]]] = {
    "move": _move,
    "tag": _tag,
    "untag": _untag,
    "archive": _archive,
    "offer": _offer,
}


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19  # noqa: PLR2004 (fits 64 bits)


def _back(request: LoaRequest) -> HttpResponse:
    """Go back to the page of one picture, or to the list as it was narrowed."""
    page = request.POST.get("page") or request.GET.get("page") or ""
    if _is_id(page):
        return redirect("library:asset", request.workspace.slug, int(page))
    library = reverse("library:library", args=[request.workspace.slug])
    query = request.POST.get("query") or request.GET.get("query") or ""
    return redirect(f"{library}?{query}" if query else library)
