"""Add feeds, change what becomes of their entries, pause them, delete them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from loa.channels.models import Channel
from loa.connectors.transport.addresses import Blocked, read_target
from loa.content.models import Campaign
from loa.intake.models import Source
from loa.intake.rules.entries import PLAIN_TEMPLATE
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, jobs, live
from loa.workspace.actions import record_audit
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Ability

MOST_SOURCES = 100
MOST_FIRST = 20
LONGEST_TEMPLATE = 1000


class NotAnAddress(LoaError):
    """This is no plain web address. code: one of connectors/codes.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReadAlready(LoaError):
    """The workspace reads this feed already."""


class TooManySources(LoaError):
    """More feeds than anybody looks after."""


class NoChannel(LoaError):
    """Posts that join the queue need a channel."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What shall become of a feed's entries; see models.Source."""

    channel_ids: Sequence[int] = ()
    campaign_id: int | None = None
    template: str = PLAIN_TEMPLATE
    mode: str = Source.Mode.DRAFTS
    with_image: bool = True
    takes_first: int = 3


def add_source(by: Member, *, url: str, name: str = "", wishes: Wishes) -> Source:
    """Begin to read a feed, at once. NotAnAddress, ReadAlready, TooManySources or NoChannel."""
    url = normalise(url).strip()
    try:
        read_target(url)
    except Blocked as error:
        raise NotAnAddress(error.code) from None
    if Source.objects.in_workspace(by.workspace).count() >= MOST_SOURCES:
        raise TooManySources(f"{MOST_SOURCES} feeds are read")
    now = clock.now()
    source = Source(
        workspace=by.workspace,
        url=url[:2000],
        name=normalise(name).strip()[:120],
        added_by=by,
        added_at=now,
        next_poll_at=now,
    )
    _wish(source, wishes, by=by)
    try:
        with transaction.atomic():
            source.save()
            poll_soon(source)
            _audit(source, "source.added", by=by)
    except IntegrityError:
        raise ReadAlready(url) from None
    return source


def change_source(source: Source, *, name: str, wishes: Wishes, by: Member) -> Source:
    """Change what becomes of entries that come from now on. NoChannel."""
    with transaction.atomic():
        source.name = normalise(name).strip()[:120]
        _wish(source, wishes, by=by)
        source.save(
            update_fields=[
                "name",
                "channel_ids",
                "campaign",
                "template",
                "mode",
                "with_image",
                "takes_first",
            ]
        )
        _audit(source, "source.changed", by=by)
        announce(source)
    return source


def pause_source(source: Source, *, by: Member) -> None:
    """Ask the feed no more until it is resumed."""
    with transaction.atomic():
        Source.objects.in_workspace(source.workspace).filter(pk=source.pk, paused_at=None).update(
            paused_at=clock.now()
        )
        _audit(source, "source.paused", by=by)
        announce(source)


def resume_source(source: Source, *, by: Member) -> None:
    """Ask the feed again, and now. Whoever resumes it answers for its posts from now on."""
    with transaction.atomic():
        Source.objects.in_workspace(source.workspace).filter(pk=source.pk).update(
            paused_at=None,
            next_poll_at=clock.now(),
            added_by=by,
            failures=0,
            failing_since=None,
            trouble="",
        )
        poll_soon(source)
        _audit(source, "source.resumed", by=by)
        announce(source)


def delete_source(source: Source, *, by: Member) -> None:
    """Forget the feed. Its posts stay, and its entries never come again."""
    with transaction.atomic():
        rows = Source.objects.in_workspace(source.workspace).filter(pk=source.pk)
        # Whoever makes a post of an entry at this moment ends first, and the entry is seen.
        rows.select_for_update().first()
        rows.delete()
        _audit(source, "source.deleted", by=by)


def poll_soon(source: Source) -> None:
    """Have the feed read now, beside its usual times."""
    jobs.enqueue("intake.poll_source", workspace_id=source.workspace_id, source_id=source.pk)


def announce(source: Source) -> None:
    """Tell open pages that something is new about the feed."""
    live.announce(workspace_id=source.workspace_id, topic="source", subject_id=source.pk)


def _wish(source: Source, wishes: Wishes, *, by: Member) -> None:
    channels = (
        Channel.objects.in_workspace(by.workspace)
        .exclude(state=Channel.State.DISCONNECTED)
        .filter(pk__in=wishes.channel_ids)
    )
    source.channel_ids = sorted(channels.values_list("pk", flat=True))
    wants_queue = wishes.mode == Source.Mode.QUEUE and by.may(Ability.SCHEDULE)
    source.mode = Source.Mode.QUEUE if wants_queue else Source.Mode.DRAFTS
    if source.mode == Source.Mode.QUEUE and not source.channel_ids:
        raise NoChannel("a queue belongs to a channel")
    campaigns = Campaign.objects.in_workspace(by.workspace)
    source.campaign = campaigns.filter(pk=wishes.campaign_id or 0).first()
    template = normalise(wishes.template).replace("\x00", "").strip()[:LONGEST_TEMPLATE]
    source.template = template or PLAIN_TEMPLATE
    source.with_image = wishes.with_image
    source.takes_first = max(0, min(wishes.takes_first, MOST_FIRST))


def _audit(source: Source, action: str, *, by: Member) -> None:
    record_audit(
        source.workspace,
        member=by,
        action=action,
        subject=f"source:{source.pk}",
        detail={"name": str(source)[:200]},
    )
