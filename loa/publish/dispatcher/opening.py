"""Open the channels that a worker sends to, and keep them open for a little while."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet

from loa.channels import actions as channels
from loa.channels.models import Channel
from loa.connectors.contract import ChannelRef, Connector, Limits, Media
from loa.connectors.errors import ChannelLost, NotReady, Refused
from loa.connectors.registry import all_connectors
from loa.content.queries import limits_of
from loa.content.rules.document import Part
from loa.kernel.errors import LoaError
from loa.library.actions import order_rendition
from loa.library.queries import VideoNotReady, media_for
from loa.ops import clock, fence
from loa.publish.dispatcher.work import Work
from loa.publish.models import DeliveryPart
from loa.publish.rules.retries import IN_PREPARATION

# The grant may be renewed or the limits read anew meanwhile; then the platform tells us.
OPEN_FOR_S = 60.0
# What waits in a lane shall still find its channel open.
READ_AHEAD_S = 20.0
# Clocks differ; a look-up goes back a few minutes before the part was made.
TAKEN_SINCE = timedelta(minutes=15)
READING_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel with its opened grant. generation: of the grant, to see a renewal."""

    channel: Channel
    ref: ChannelRef
    connector: Connector
    limits: Limits
    generation: tuple[int | None, int]
    until: float


class OpenChannels:
    """The channels that are open now, for all threads of a worker."""

    def __init__(self) -> None:
        self._opened: dict[int, Opened] = {}
        self._lock = threading.Lock()
        self._reading = threading.Semaphore(READING_AT_ONCE)
        self.keeps_connection = True

    @contextmanager
    def inside(self, workspace_id: int) -> Iterator[None]:
        """Read and write rows of a workspace for a moment.

        There are many sender threads, and a database has few connections to give: they take
        turns, and give theirs back, unless they work in somebody else's thread.
        """
        with self._reading:
            try:
                with fence.inside(workspace_id):
                    yield
            finally:
                if not self.keeps_connection:
                    connection.close()

    def open(self, work: Work) -> Opened:
        """Return the channel of `work`, opened. Raises ChannelLost, NotSent or Refused."""
        with self._lock:
            found = self._opened.get(work.channel_id)
        if found is not None and clock.monotonic_s() < found.until:
            return found
        opened = self._open(work)
        with self._lock:
            self._opened[work.channel_id] = opened
        return opened

    def open_ahead(self, works: Iterable[Work]) -> None:
        """Open the channels of what was claimed, all at once, on the caller's connection.

        What does not open without further ado is left to its sender, which knows what to do.
        """
        soon = clock.monotonic_s() + READ_AHEAD_S
        wanted: dict[int, set[int]] = defaultdict(set)
        with self._lock:
            for work in works:
                found = self._opened.get(work.channel_id)
                if found is None or found.until < soon:
                    wanted[work.workspace_id].add(work.channel_id)
        for workspace_id, channel_ids in wanted.items():
            with fence.inside(workspace_id):
                opened = [_opened_now(one) for one in _with_grants().filter(pk__in=channel_ids)]
            with self._lock:
                self._opened |= {one.channel.pk: one for one in opened if one is not None}

    def shut(self, channel_id: int) -> None:
        """Forget an opened channel, so that the grant is read again."""
        with self._lock:
            self._opened.pop(channel_id, None)

    def renew(self, opened: Opened) -> None:
        """Renew an expired grant, once however many ask. Raises ChannelLost or NotSent."""
        self.shut(opened.channel.pk)
        with self.inside(opened.channel.workspace_id):
            channel = _read(opened.channel.pk)
            if _generation(channel) == opened.generation:
                channels.renew_grant(channel)
        # While the platform was asked, the dispatcher may have opened it with the old grant.
        self.shut(opened.channel.pk)

    def is_lost(self, work: Work, opened: Opened | None, lost: ChannelLost) -> bool:
        """Note that the platform took the grant back, and return True.

        False when the grant was replaced while we used the old one: no reason to disconnect.
        """
        self.shut(work.channel_id)
        with self.inside(work.workspace_id):
            channel = _read(work.channel_id)
            if opened is not None and _generation(channel) != opened.generation:
                return False
            channels.mark_lost(channel, code=lost.code, detail=lost.detail)
        return True

    def pictures(self, opened: Opened, part: Part) -> tuple[Media, ...]:
        """Return the files that go with a part, within what the channel takes."""
        if not part.attachments:
            return ()
        with self.inside(opened.channel.workspace_id):
            try:
                return media_for(
                    part.attachments,
                    workspace=opened.channel.workspace,
                    rules=opened.limits.images,
                    video=opened.limits.video,
                )
            except VideoNotReady as wanted:
                # Made in the background; the order is committed, and the delivery comes again.
                order_rendition(wanted.asset, wanted.plan, insists=True)
        raise NotReady(
            "a video is still being prepared", platform=opened.connector.name, code=IN_PREPARATION
        )

    def taken_ids(self, work: Work) -> frozenset[str]:
        """Return what is live on the channel and known to be another part than the doubtful one.

        Two deliveries may say the same; what is found on the platform is then told apart.
        """
        since = work.frozen.created_at - TAKEN_SINCE
        with self.inside(work.workspace_id):
            ids = (
                DeliveryPart.objects.filter(
                    delivery__channel_id=work.channel_id, delivered_at__gte=since
                )
                .exclude(external_id="")
                .values_list("external_id", flat=True)
            )
            return frozenset(ids)

    def _open(self, work: Work) -> Opened:
        connector = all_connectors().get(work.platform)
        if connector is None:
            raise Refused(
                "no connector is installed", platform=work.platform, code="channel.no_connector"
            )
        with self.inside(work.workspace_id):
            channel = _read(work.channel_id)
            return _opened(channel, connector)


def _opened(channel: Channel, connector: Connector) -> Opened:
    ref = channels.open_grant(channel)  # it may change the grant, and so the generation
    return Opened(
        channel=channel,
        ref=ref,
        connector=connector,
        limits=limits_of(channel, connector),
        generation=_generation(channel),
        until=clock.monotonic_s() + OPEN_FOR_S,
    )


def _opened_now(channel: Channel) -> Opened | None:
    """Return `channel`, opened; None where that takes more than its keys."""
    connector = all_connectors().get(channel.platform)
    if connector is None or not channels.opens_at_once(channel):
        return None
    try:
        return _opened(channel, connector)
    except LoaError:
        return None


def _with_grants() -> QuerySet[Channel]:
    return Channel.objects.select_related("grant__workspace", "workspace")


def _read(channel_id: int) -> Channel:
    return _with_grants().get(pk=channel_id)


def _generation(channel: Channel) -> tuple[int | None, int]:
    return (channel.grant_id, channel.grant.generation if channel.grant else 0)
