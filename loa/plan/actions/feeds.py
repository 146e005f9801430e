"""Hand out and withdraw the secret links under which calendar programs read the plan."""

import hashlib
import secrets
from dataclasses import dataclass, field

from loa.channels.models import Channel
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan.models import CalendarFeed
from loa.workspace.models import Member

TOKEN_BYTES = 32
MOST_FEEDS = 50


class TooManyFeeds(LoaError):
    """So many links are in use that nobody can know them all."""


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed just made. token: shown once; only its hash is kept."""

    feed: CalendarFeed
    token: str = field(repr=False)


def make_feed(by: Member, *, name: str, channel: Channel | None = None) -> NewFeed:
    """Make a link that tells the whole plan, or one channel's, to whoever holds it."""
    in_use = CalendarFeed.objects.in_workspace(by.workspace).filter(withdrawn_at=None)
    if in_use.count() >= MOST_FEEDS:
        raise TooManyFeeds(f"{MOST_FEEDS} feeds are in use")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(
        workspace=by.workspace,
        name=name,
        channel=channel,
        token_hash=hash_token(token),
        made_by=by,
        made_at=clock.now(),
    )
    return NewFeed(feed, token)


def withdraw_feed(feed: CalendarFeed) -> None:
    """Make the link stop working, at once and for good."""
    CalendarFeed.objects.in_workspace(feed.workspace).filter(pk=feed.pk, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    )


def note_reading(feed: CalendarFeed) -> None:
    """Remember that the feed was read, so that unused links can be recognised."""
    CalendarFeed.objects.in_workspace(feed.workspace).filter(pk=feed.pk).update(
        last_read_at=clock.now()
    )


def hash_token(token: str) -> str:
    """Return what is kept of a token. It is random and long, so one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
