"""Secret links under which calendar programs read the plan."""

from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from loa.channels.models import Channel
from loa.kernel.errors import LoaError
from loa.ops import clock, fence
from loa.plan import actions, queries, wording
from loa.plan.forms import FeedForm
from loa.plan.models import CalendarFeed
from loa.plan.queries import Card
from loa.plan.queries.feeds import Stamp
from loa.plan.rules import ical
from loa.web import states
from loa.web.toasts import tell, warn
from loa.workspace.access import LoaRequest, requires
from loa.workspace.models import Workspace

READ_NOTED_EVERY = timedelta(hours=1)


@require_GET
@requires("can_plan")
def show_feeds(request: LoaRequest) -> HttpResponse:
    """List the links in use."""
    return _page(request)


@require_POST
@requires("can_plan")
def make_feed(request: LoaRequest) -> HttpResponse:
    """Make a link and show it, this once."""
    form = FeedForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    channel = None
    if form.cleaned_data["channel"]:
        channels = Channel.objects.in_workspace(request.workspace)
        channel = get_object_or_404(channels, pk=form.cleaned_data["channel"])
    try:
        made = actions.make_feed(request.member, name=form.cleaned_data["name"], channel=channel)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
        return _page(request, form=form, status=HTTPStatus.CONFLICT)
    path = reverse("calendar-feed", args=[made.token])
    return _page(request, new_link=f"{settings.PUBLIC_URL}{path}", status=HTTPStatus.CREATED)


@require_POST
@requires("can_plan")
def withdraw_feed(request: LoaRequest, feed_id: int) -> HttpResponseBase:
    """Make a link stop working."""
    feeds = CalendarFeed.objects.in_workspace(request.workspace).select_related("workspace")
    feed = get_object_or_404(feeds, pk=feed_id)
    actions.withdraw_feed(feed)
    tell(request, _("The link “%(name)s” no longer works.") % {"name": feed.name})
    return redirect("plan:feeds", workspace_slug=request.workspace.slug)


@require_safe
def read_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Tell the plan to whoever holds the link, as iCalendar."""
    with fence.everywhere("find the workspace that a calendar link belongs to"):
        feed = queries.feed_of(actions.hash_token(token))
        if feed is None:
            raise Http404
        fence.narrow_to(feed.workspace_id)
        now = clock.now()
        if feed.last_read_at is None or now - feed.last_read_at > READ_NOTED_EVERY:
            actions.note_reading(feed)
        with translation.override(feed.workspace.language):
            text = _as_ical(feed)
    etag = f'"{ical.fingerprint(text)}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Content-Disposition"] = 'inline; filename="loa.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _as_ical(feed: CalendarFeed) -> bytes:
    workspace = feed.workspace
    name = workspace.name if feed.channel is None else f"{workspace.name} · {feed.channel.name}"
    return as_ical(workspace, queries.feed_cards(feed, now=clock.now()), name=name)


def as_ical(workspace: Workspace, cards: Iterable[tuple[Card, Stamp]], *, name: str) -> bytes:
    """Return the cards as a whole calendar file."""
    calendar = reverse("plan:calendar", args=[workspace.slug])
    events = [
        ical.Event(
            uid=f"post-{card.post_id}-{card.key}@{ical.host_of(settings.PUBLIC_URL)}",
            start=card.at,
            summary=card.opening or _("Nothing written yet"),
            description="\n".join([str(states.shown(card.state).label), card.channel_names]),
            url=f"{settings.PUBLIC_URL}{calendar}?view=list&on={card.day.isoformat()}",
            is_certain=card.state in {"scheduled", "sending", "delivered"},
            sequence=stamp.sequence,
            changed_at=stamp.changed_at,
        )
        for card, stamp in cards
    ]
    return ical.calendar(name, events)


def _page(
    request: LoaRequest,
    *,
    form: FeedForm | None = None,
    new_link: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    values = {
        "feeds": queries.feeds_in_use(request.workspace),
        "channels": [week.channel for week in queries.channel_weeks(request.workspace)],
        "form": form or FeedForm(),
        "new_link": new_link,
    }
    response = render(request, "plan/feeds.html", values, status=status)
    if new_link:
        response.headers["Cache-Control"] = "no-store"
    return response
