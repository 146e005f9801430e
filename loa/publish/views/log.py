"""The log of deliveries, and the deliveries of one post for other pages."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from loa.connectors.registry import all_connectors
from loa.content.models import Post
from loa.ops import clock
from loa.publish import queries, wording
from loa.publish.queries import MOST_COUNTED, Filters, Shown
from loa.publish.rules.places_in_log import Place
from loa.publish.views import log_filters
from loa.publish.views.log_filters import address
from loa.workspace.access import LoaRequest, requires

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """One view of the log, for the component tabs."""

    label: str
    url: str
    is_here: bool
    count: str = ""


@require_GET
@requires("can_view")
def show_deliveries(request: LoaRequest) -> HttpResponse:
    """List deliveries, narrowed as the address says.

    `begins` is what a page that is read asks with when something changed: it gets the rows it
    shows, as they are now, and how many newer ones there are; nothing moves under the reader.
    """
    now = clock.now()
    choices = _choices(request)
    filters = read_filters(request, choices)
    places = {name: Place.read(request.GET.get(name, "")) for name in ("after", "before", "begins")}
    page = queries.log_page(request.workspace, filters, now=now, size=PER_PAGE, **places)
    counts = queries.count_by_view(request.workspace, filters, now=now)
    newer = 0
    if page.first and places["begins"]:
        newer = queries.count_newer(request.workspace, filters, page.first, now=now)
    return render(
        request,
        "publish/deliveries.html",
        {
            "page": page,
            "newer": newer,
            "filters": filters,
            "in_use": log_filters.count_in_use(filters),
            "tabs": [
                Choice(
                    wording.shown(one),
                    address(request, replace(filters, shown=one)),
                    one == filters.shown,
                    _counted(counts.get(one)),
                )
                for one in Shown
            ],
            "choices": choices,
            "asked": _asked(filters),
            "addresses": _addresses(request, filters, page),
            "may_pause": request.member.may("can_pause"),
        },
    )


@require_GET
@requires("can_view")
def show_post_deliveries(request: LoaRequest, post_id: int) -> HttpResponse:
    """Show every delivery of a post, one line each, for the page that asks for it."""
    posts = Post.objects.in_workspace(request.workspace).select_related("workspace")
    post = get_object_or_404(posts, pk=post_id)
    return render(
        request,
        "publish/post_deliveries.html",
        {"post": post, "deliveries": queries.deliveries_of(post)},
    )


def read_filters(request: LoaRequest, choices: dict[str, list[tuple[str, str]]]) -> Filters:
    """Return the filters of the address, without what this workspace does not have."""
    known = {
        f"{name}_id": {int(value) for value, _label in choices[name]}
        for name in ("channel", "campaign", "member")
    }
    return log_filters.without_unknown(log_filters.read(request.GET), known)


def _choices(request: LoaRequest) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter can be set to, as pairs of value and words."""
    workspace = request.workspace
    channels = queries.channels_with_deliveries(workspace)
    connectors = all_connectors()
    platforms = {
        one.platform: connectors[one.platform].label_in(request.LANGUAGE_CODE or "")
        if one.platform in connectors
        else one.platform
        for one in channels
    }
    return {
        "channel": [(str(one.pk), str(one)) for one in channels],
        "platform": sorted(platforms.items(), key=lambda pair: pair[1]),
        "campaign": [(str(one.pk), one.name) for one in queries.campaigns_of(workspace)],
        "member": [(str(one.pk), str(one)) for one in queries.members_of(workspace)],
    }


def _counted(count: int | None) -> str:
    """Return a tab's count; beyond what is counted only that there are more."""
    if count is None:
        return ""
    return f"{count - 1}+" if count == MOST_COUNTED else str(count)


def _asked(filters: Filters) -> dict[str, str]:
    """Return what stands in the fields of the form."""
    return {
        "channel": str(filters.channel_id or ""),
        "campaign": str(filters.campaign_id or ""),
        "member": str(filters.member_id or ""),
        "from": log_filters.day_of(filters.begins_at),
        "to": log_filters.day_of(filters.ends_at, last=True),
    }


def _addresses(request: LoaRequest, filters: Filters, page: queries.LogPage) -> dict[str, Any]:
    """Return where the page's links lead."""
    first = str(page.first) if page.first else ""
    return {
        "newest": address(request, filters),
        "previous": address(request, filters, before=str(page.before)) if page.before else "",
        "next": address(request, filters, after=str(page.after)) if page.after else "",
        "live": address(request, filters, begins=first) if first else address(request, filters),
        "all": address(request, Filters(shown=filters.shown)),
        "export": address(request, filters, page="export-deliveries"),
    }
