"""The places of Loa, in the order of the rail, and the counts beside them.

A place shows itself once its address exists and the member may go there, so this list may name
what a later app brings. A count is told by the app that knows it: `counts("inbox")(function)`
in its AppConfig.ready; the function gets the request and returns a number, None, or the rows to
count, and all such rows are counted in one query.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail.

    url_name: takes workspace_slug. key: what is pressed after g. group: a line is drawn between
    groups. on_bar: one of the first four of the phone's bar.
    """

    name: str
    url_name: str
    icon: str
    label: str | Promise
    key: str
    ability: str = "can_view"
    group: int = 1
    on_bar: bool = False


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A place as this member sees it now. count: None when there is nothing to tell."""

    place: Place
    url: str
    is_here: bool
    count: int | None


PLACES = (
    Place("today", "today:today", "today", _("Today"), "t", on_bar=True),
    Place("calendar", "plan:calendar", "calendar", _("Calendar"), "c", on_bar=True),
    Place("compose", "create:compose", "compose", _("Compose"), "w", "can_compose", on_bar=True),
    Place("inbox", "engage:inbox", "inbox", _("Inbox"), "i"),
    Place("posts", "create:posts", "posts", _("Posts"), "p", group=2, on_bar=True),
    Place("campaigns", "content:campaigns", "campaign", _("Campaigns"), "m", group=2),
    Place("links", "measure:links", "link", _("Links"), "k", "can_see_readings", 2),
    Place("queue", "plan:queue", "queue", _("Queue"), "q", group=2),
    Place("deliveries", "publish:deliveries", "receipt", _("Deliveries"), "d", group=2),
    Place("library", "library:library", "library", _("Library"), "l", group=2),
    Place("insights", "measure:insights", "insights", _("Insights"), "n", "can_see_readings", 2),
    Place("channels", "channels:channels", "channel", _("Channels"), "h", group=3),
    Place("health", "watch:health", "heart", _("Health"), "o", "can_watch", 3),
    Place("team", "workspace:team", "team", _("Team"), "e", group=3),
    Place("settings", "workspace:settings", "settings", _("Settings"), "s", "can_view", 3),
)
type Counted = int | QuerySet[Any] | None
_COUNTS: dict[str, Callable[[HttpRequest], Counted]] = {}
_NOTES: list[Callable[[HttpRequest], str]] = []


def counts[F: Callable[[HttpRequest], Counted]](name: str) -> Callable[[F], F]:
    """Register the function that counts what waits in the place called `name`."""

    def keep(function: F) -> F:
        _COUNTS[name] = function
        return function

    return keep


def notes[F: Callable[[HttpRequest], str]](function: F) -> F:
    """Register a function that says a word about the workspace, shown under its name."""
    _NOTES.append(function)
    return function


def note(request: HttpRequest) -> str:
    """Return what stands under the workspace's name ("Hồ Chí Minh · 6 kênh")."""
    return " · ".join(words for words in (function(request) for function in _NOTES) if words)


def address(url_name: str, workspace_slug: str) -> str:
    """Return the address of a page of the workspace; "" while there is no such page."""
    try:
        return reverse(url_name, kwargs={"workspace_slug": workspace_slug})
    except NoReverseMatch:
        return ""


def shown_to(request: HttpRequest) -> tuple[PlaceShown, ...]:
    """Return the places that exist and that the request's member may use.

    The place one is in is the one with the longest address that starts the path.
    """
    member, slug = request.member, request.workspace.slug  # type: ignore[attr-defined]
    reachable = [
        (place, url)
        for place in PLACES
        if member.may(place.ability) and (url := address(place.url_name, slug))
    ]
    here = max(
        (url for _place, url in reachable if request.path.startswith(url)), key=len, default=None
    )
    found = _counted(
        {
            place.name: _COUNTS[place.name](request)
            for place, _url in reachable
            if place.name in _COUNTS
        }
    )
    return tuple(
        PlaceShown(place, url, is_here=url == here, count=found.get(place.name) or None)
        for place, url in reachable
    )


def _counted(asked: Mapping[str, Counted]) -> dict[str, int]:
    """Return the counts; rows that are to be counted are, all in one query."""
    rows = {name: one for name, one in asked.items() if isinstance(one, QuerySet)}
    found = {name: one for name, one in asked.items() if isinstance(one, int)}
    if rows:
        first, *others = [
            one.order_by().annotate(place=Value(name)).values("place").annotate(n=Count("*"))
            for name, one in rows.items()
        ]
        counted = first.union(*others, all=True) if others else first
        found |= {row["place"]: row["n"] for row in counted}
    return found
