"""The command palette: go to places, posts, channels and days, and begin things."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from loa.kernel.text import fold
from loa.ops import clock
from loa.plan import wording as plan_wording
from loa.today import queries
from loa.today.queries.finding import LONGEST, fits
from loa.today.rules.spoken_dates import read_date
from loa.workspace.access import LoaRequest, requires


@dataclass(frozen=True, slots=True)
class Item:
    """One answer: where it leads, what it is called, and what kind of thing it is."""

    url: str
    label: str
    note: str
    icon: str = ""
    platform: str = ""


# Things one can begin: name of the address, icon, ability, words, more words it is found by.
ACTIONS = (
    ("create:compose", "compose", "can_compose", gettext_lazy("Write a new post"), "compose moi"),
    (
        "intake:imports",
        "upload",
        "can_compose",
        gettext_lazy("Import posts from a file"),
        "import nhap csv excel xlsx",
    ),
    (
        "intake:sources",
        "feed",
        "can_plan",
        gettext_lazy("Make posts from feeds"),
        "rss atom blog",
    ),
    ("plan:slots", "slot", "can_plan", gettext_lazy("Choose slots of the week"), "slot khung gio"),
    ("plan:queue", "queue", "can_view", gettext_lazy("See what waits in the queue"), "queue"),
    (
        "plan:feeds",
        "feed",
        "can_plan",
        gettext_lazy("Subscribe with a calendar program"),
        "ical google outlook",
    ),
    (
        "channels:channels",
        "channel",
        "can_manage_channels",
        gettext_lazy("Connect a channel"),
        "facebook mastodon bluesky zalo",
    ),
    (
        "workspace:team",
        "person-add",
        "can_manage_team",
        gettext_lazy("Invite somebody to the team"),
        "team invite moi",
    ),
)


@require_GET
@requires("can_view")
def go(request: LoaRequest) -> HttpResponse:
    """Answer what fits ?q=, as lines for the palette or as a page."""
    asked = request.GET.get("q", "")[:LONGEST].strip()
    items = list(_items(request, asked))
    template = "today/go.html#options" if request.is_htmx else "today/go.html"
    return render(request, template, {"items": items, "asked": asked})


def _items(request: LoaRequest, asked: str) -> Iterator[Item]:
    yield from _days(request, asked)
    yield from _actions(request, asked)
    slug = request.workspace.slug
    found = queries.find(request.workspace, asked)
    for post in found.posts:
        url = _address("create:post", slug, post.pk)
        if url:
            yield Item(url, str(post) or _("Nothing written yet"), _("Post"), icon="posts")
    for channel in found.channels:
        url = reverse("channels:channel", args=[slug, channel.pk])
        yield Item(url, channel.name, _("Channel"), platform=channel.platform)
    for campaign in found.campaigns:
        url = f"{reverse('plan:calendar', args=[slug])}?view=list&campaign={campaign.pk}"
        yield Item(url, campaign.name, _("Campaign"), icon="campaign")


def _days(request: LoaRequest, asked: str) -> Iterator[Item]:
    today = timezone.localdate(clock.now())
    day = read_date(asked, today=today)
    if day is not None:
        calendar = reverse("plan:calendar", args=[request.workspace.slug])
        label = plan_wording.day(day, today=today)
        yield Item(f"{calendar}?view=week&on={day}", label, _("Calendar"), icon="calendar")


def _actions(request: LoaRequest, asked: str) -> Iterator[Item]:
    words = fold(asked).split()
    for name, icon, ability, label, more in ACTIONS:
        url = _address(name, request.workspace.slug)
        if url and request.member.may(ability) and fits(f"{label} {more}", words):
            yield Item(url, str(label), _("Do"), icon=icon)


def _address(name: str, *arguments: object) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
