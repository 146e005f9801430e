"""The library's front page: folders beside the pictures, narrowed by what is asked for."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loa.library import queries
from loa.library.models import Asset
from loa.library.queries import NO_FOLDER, Asked
from loa.library.queries.folders import parents
from loa.library.rules.folders import Seat
from loa.library.rules.rights import Standing, standing
from loa.ops import clock
from loa.workspace.access import LoaRequest, requires

PER_PAGE = 60
LONGEST_VALUE = 200
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "image/gif": "GIF"}
VIDEOS = "video/"


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of the grid. uses: the posts that show it."""

    asset: Asset
    uses: int
    standing: Standing


@require_GET
@requires("can_view")
def show_library(request: LoaRequest) -> HttpResponse:
    """Show the pictures that are asked for, with the folders beside them."""
    asked = read_asked(request)
    today = timezone.localdate(clock.now())
    found = queries.asked_for(request.workspace, asked, today=today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    assets = list(page.object_list)
    uses = queries.count_uses(request.workspace, [one.pk for one in assets])
    shelves = queries.shelves(request.workspace)
    here = next((one.seat for one in shelves if str(one.seat.id) == asked.folder), None)
    return render(
        request,
        "library/library.html",
        {
            "page": page,
            "tiles": [
                Tile(one, uses.get(one.pk, 0), standing(one.usable_until, today=today))
                for one in assets
            ],
            "asked": asked,
            "query": query_of(asked),
            "base": f"?{query_of(asked)}&" if query_of(asked) else "?",
            "elsewhere": query_of(asked, without="folder"),
            "shelves": shelves,
            "here": here,
            "unfinished": queries.unfinished(request.member),
            "parent_id": _parent_id(request, asked) if here else "",
            "choices": _choices(request, [one.seat for one in shelves]),
            "may_change": request.member.may("can_compose"),
        },
    )


def _parent_id(request: LoaRequest, asked: Asked) -> str:
    above = parents(request.workspace).get(int(asked.folder))
    return str(above) if above else ""


def read_asked(request: LoaRequest) -> Asked:
    """Return what the address asks for."""
    given = {name: request.GET.get(name, "").strip()[:LONGEST_VALUE] for name in asdict(Asked())}
    return Asked(**(given | {"sort": given["sort"] or Asked().sort}))


def query_of(asked: Asked, *, without: str = "") -> str:
    """Return the address's query for what is asked; what is usual is left out."""
    usual = asdict(Asked())
    said = {name: value for name, value in asdict(asked).items() if value != usual[name]}
    said.pop(without, None)
    return urlencode(said)


def _choices(request: LoaRequest, seats: Iterable[Seat]) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen in each filter."""
    return {
        "folder": [(str(seat.id), f"{'  ' * seat.depth}{seat.name}") for seat in seats],
        "tag": [(str(tag.pk), tag.name) for tag in queries.tags(request.workspace)],
        "kind": [*KINDS.items(), (VIDEOS, _("Video"))],
        "rights": [
            ("ending", _("Rights end soon")),
            ("ended", _("Rights have ended")),
            ("unknown", _("Rights not noted")),
        ],
        "look": [
            ("unused", _("In no post yet")),
            ("undescribed", _("Without alt text")),
            ("away", _("Put away")),
        ],
        "sort": [
            ("newest", _("Newest first")),
            ("name", _("By name")),
            ("size", _("Largest first")),
        ],
        "place": [(NO_FOLDER, _("In no folder"))],
    }
