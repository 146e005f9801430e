"""Read feeds and make posts of what is new in them, each entry once and for ever."""

import io
import logging
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from loa.channels.models import Channel
from loa.connectors import registry
from loa.connectors.counting import fits
from loa.connectors.errors import ConnectorError
from loa.connectors.feeds import FetchedFeed, fetch_feed
from loa.connectors.transport import drive
from loa.content.queries import limits_of
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import PostState
from loa.create import actions as create
from loa.intake.actions.pictures import Pictures
from loa.intake.actions.sources import announce, poll_soon
from loa.intake.models import Source, SourceEntry
from loa.intake.rules.entries import Entry, caption_of, entry_of, key_of, on_one_line, plain_text
from loa.intake.rules.polling import next_poll
from loa.kernel.errors import LoaError
from loa.library.storage import StorageError
from loa.ops import clock, fence
from loa.plan.actions import add_to_queue
from loa.workspace.rules.permissions import Ability

MOST_AT_ONCE = 20
MOST_READ = 500
SOURCES_AT_ONCE = 100
_log = logging.getLogger(__name__)


class NotAFeed(LoaError):
    """What came is no RSS and no Atom."""


def poll_due_sources() -> int:
    """Hand every feed that is due to a worker; return how many. Racing workers share them."""
    with fence.everywhere("find feeds that are due"):
        due = list(
            Source.objects.select_for_update(skip_locked=True)
            .filter(paused_at=None, next_poll_at__lte=clock.now())
            .order_by("next_poll_at", "pk")[:SOURCES_AT_ONCE]
        )
        for source in due:
            # Not again while this one waits or works; what it finds sets the true time.
            source.next_poll_at = next_poll(clock.now(), failures=source.failures, chance=0.5)
            source.save(update_fields=["next_poll_at"])
            poll_soon(source)
    return len(due)


def poll_source(*, workspace_id: int, source_id: int) -> None:
    """Read one feed now. Running twice is harmless: an entry comes once."""
    with fence.inside(workspace_id):
        source = _source(source_id)
    if source is None or source.paused_at is not None:
        return
    if not source.added_by.may(Ability.COMPOSE):
        _note_failure(source, "member_gone")
        return
    try:
        fetched = drive(
            fetch_feed(source.url, etag=source.etag, last_modified=source.last_modified),
            platform="web",
            budget_s=25.0,
        )
        if fetched is not None:
            title, entries = _parsed(fetched, source.url)
            if _take_in(source, entries):
                source.etag, source.last_modified = fetched.etag, fetched.last_modified
            _name(source, title)
    except ConnectorError as error:
        _note_failure(source, error.code or "network.cut")
    except NotAFeed:
        _note_failure(source, "feed.unreadable")
    except StorageError:
        _note_failure(source, "storage")
    else:
        _note_success(source)


def _source(source_id: int) -> Source | None:
    rows = Source.objects.select_related("workspace", "added_by__workspace", "campaign")
    return rows.filter(pk=source_id).first()


def _parsed(fetched: FetchedFeed, url: str) -> tuple[str, list[Entry]]:
    """Return the feed's own title and its entries, the newest first as feeds have them."""
    import feedparser  # noqa: PLC0415 (heavy, and only workers need it)

    headers = {"content-type": fetched.content_type, "content-location": url}
    # Always a stream: a text would be taken for an address or a file to open.
    parse: Any = feedparser.parse  # type: ignore[attr-defined]  # it carries no types
    try:
        parsed = parse(io.BytesIO(fetched.content), response_headers=headers)
    except Exception as error:
        # Whatever it stumbles over, the bytes are a stranger's: told as what they are.
        # Of the address only the host is logged: the rest may be a secret.
        _log.info("a feed of %s cannot be read: %s", urlsplit(url).hostname, type(error).__name__)
        raise NotAFeed(url) from error
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeed(url)
    title = on_one_line(plain_text(str(parsed.feed.get("title") or "")))[:120]
    return title, [entry_of(raw, feed_url=url) for raw in parsed.entries[:MOST_READ]]


def _take_in(source: Source, entries: list[Entry]) -> bool:
    """Make posts of what is new, the oldest first; the first reading takes only the newest.

    Returns whether that was all: otherwise the feed must not be asked only for news next time.
    """
    new = _unseen(source, entries)
    if source.polled_at is None:
        taken, passed = new[: source.takes_first], new[source.takes_first :]
        _pass_over(source, passed)
        new = taken
    pictures = Pictures(source.workspace_id)
    fitting = _fitting(source)
    for entry in reversed(new[-MOST_AT_ONCE:]):
        if source.with_image and entry.image_url:
            pictures.fetch([entry.image_url], source.added_by)
        image = pictures.found.get(entry.image_url)
        with fence.inside(source.workspace_id):
            _make_post(source, entry, asset_id=image.asset_id if image else None, fits=fitting)
    return len(new) <= MOST_AT_ONCE


def _unseen(source: Source, entries: list[Entry]) -> list[Entry]:
    keyed = {key_of(source.url, entry.guid): entry for entry in reversed(entries)}
    with fence.inside(source.workspace_id):
        seen = set(
            SourceEntry.objects.in_workspace(source.workspace)
            .filter(key__in=keyed)
            .values_list("key", flat=True)
        )
    return [entry for key, entry in reversed(keyed.items()) if key not in seen]


def _pass_over(source: Source, entries: list[Entry]) -> None:
    with fence.inside(source.workspace_id):
        SourceEntry.objects.bulk_create(
            [_row(source, entry) for entry in entries], ignore_conflicts=True
        )


def _row(source: Source, entry: Entry) -> SourceEntry:
    return SourceEntry(
        workspace=source.workspace,
        source=source,
        key=key_of(source.url, entry.guid),
        title=entry.title[:300],
        link=entry.link,
        seen_at=clock.now(),
    )


def _make_post(
    source: Source, entry: Entry, *, asset_id: int | None, fits: Callable[[str], bool]
) -> None:
    """Keep the entry and its post together, or neither. Somebody quicker is no failure."""
    if not _is_still_read(source):
        return
    try:
        with transaction.atomic():
            row = _row(source, entry)
            row.save()
            state = PostState(
                title=entry.title[:160],
                language=source.workspace.language,
                campaign_id=source.campaign_id,
                shared=Document(
                    parts=(
                        Part(
                            caption_of(entry, source.template, fits=fits),
                            (Attachment(asset_id),) if asset_id else (),
                        ),
                    )
                ),
                own=dict.fromkeys(_channel_ids(source)),
            )
            row.post = create.create_post(source.added_by, state=state)
            row.save(update_fields=["post"])
            if source.mode == Source.Mode.QUEUE and source.added_by.may(Ability.SCHEDULE):
                _queue(source, row)
    except IntegrityError:
        return


def _is_still_read(source: Source) -> bool:
    """Say whether the feed is neither paused nor deleted since, and keep it so until we commit."""
    rows = Source.objects.in_workspace(source.workspace).select_for_update(no_key=True)
    return rows.filter(pk=source.pk, paused_at=None).exists()


def _queue(source: Source, row: SourceEntry) -> None:
    """Let the post join its queues; what cannot be queued stays a draft."""
    if row.post is None:
        return
    try:
        with transaction.atomic():
            add_to_queue(row.post, by=source.added_by)
    except LoaError:
        return


def _channel_ids(source: Source) -> list[int]:
    rows = Channel.objects.in_workspace(source.workspace).filter(pk__in=source.channel_ids)
    return list(
        rows.exclude(state=Channel.State.DISCONNECTED).order_by("pk").values_list("pk", flat=True)
    )


def _fitting(source: Source) -> Callable[[str], bool]:
    """Return what says whether a caption fits on every channel of the source."""
    connectors = registry.all_connectors()
    with fence.inside(source.workspace_id):
        rules = [
            limits_of(channel, connectors[channel.platform]).text
            for channel in Channel.objects.in_workspace(source.workspace)
            .filter(pk__in=source.channel_ids)
            .order_by("pk")
            if channel.platform in connectors
        ]
    return lambda caption: all(fits(caption, one) for one in rules)


def _name(source: Source, title: str) -> None:
    """Call the feed what it calls itself, unless a person has named it."""
    with fence.inside(source.workspace_id):
        Source.objects.in_workspace(source.workspace).filter(pk=source.pk, name="").update(
            name=title
        )


def _note_success(source: Source) -> None:
    _note(source, failures=0, failing_since=None, trouble="")


def _note_failure(source: Source, trouble: str) -> None:
    now = clock.now()
    since = source.failing_since or now
    _note(source, failures=min(source.failures + 1, 1000), failing_since=since, trouble=trouble)


def _note(source: Source, *, failures: int, failing_since: datetime | None, trouble: str) -> None:
    now = clock.now()
    # When feeds are asked is no secret: what spreads them need not be unforeseeable.
    chance = random.random()  # noqa: S311
    with fence.inside(source.workspace_id):
        Source.objects.in_workspace(source.workspace).filter(pk=source.pk).update(
            polled_at=source.polled_at if trouble else now,
            next_poll_at=next_poll(now, failures=failures, chance=chance),
            failures=failures,
            failing_since=failing_since,
            trouble=trouble,
            etag=source.etag,
            last_modified=source.last_modified,
        )
        announce(source)
