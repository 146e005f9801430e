"""The log of deliveries, and the deliveries of one post for other pages."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from loa.content.models import Post
from loa.ops import clock
from loa.publish import queries, wording
from loa.publish.queries import Filters, Shown
from loa.workspace.access import LoaRequest, requires

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the log, for the components tabs and menu."""

    label: str
    url: str
    is_here: bool
    count: int | None = None
    platform: str = ""


@require_GET
@requires("can_view")
def show_deliveries(request: LoaRequest) -> HttpResponse:
    """List deliveries, narrowed by state and channel as the address says."""
    now = clock.now()
    channels = queries.channels_with_deliveries(request.workspace)
    filters = _filters(request, {channel.pk for channel in channels})
    counts = queries.count_by_view(request.workspace, channel_id=filters.channel_id, now=now)
    found = queries.log(request.workspace, filters, now=now)
    pages = Paginator(found, PER_PAGE)
    pages.count = counts[filters.shown]
    return render(
        request,
        "publish/deliveries.html",
        {
            "page": pages.get_page(request.GET.get("page")),
            "base": _address(request, filters, ends_open=True),
            "filters": filters,
            "tabs": [
                Choice(
                    wording.shown(one),
                    _address(request, Filters(one, filters.channel_id)),
                    one == filters.shown,
                    count,
                )
                for one, count in counts.items()
            ],
            "channels": [
                Choice(
                    str(channel),
                    _address(request, Filters(filters.shown, channel.pk)),
                    channel.pk == filters.channel_id,
                    platform=channel.platform,
                )
                for channel in channels
            ],
            "all_channels_url": _address(request, Filters(filters.shown)),
            "channel": next((one for one in channels if one.pk == filters.channel_id), None),
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


def _filters(request: LoaRequest, channel_ids: set[int]) -> Filters:
    """Read the address; what it gets wrong is left out."""
    asked, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.PAST
    chosen = int(channel) if channel.isdecimal() and len(channel) < 19 else None  # noqa: PLR2004 (bigint)
    return Filters(shown, chosen if chosen in channel_ids else None)


def _address(request: LoaRequest, filters: Filters, *, ends_open: bool = False) -> str:
    """Return the log's address with these filters; ends_open: page=2 can follow."""
    asked: dict[str, str] = {}
    if filters.shown:
        asked["state"] = filters.shown
    if filters.channel_id is not None:
        asked["channel"] = str(filters.channel_id)
    url = reverse("publish:deliveries", args=[request.workspace.slug])
    query = urlencode(asked)
    if ends_open:
        return f"{url}?{query}&" if query else f"{url}?"
    return f"{url}?{query}" if query else url
