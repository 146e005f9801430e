"""Open the channels that a worker sends to, and keep them open for a little while."""

import threading
from dataclasses import dataclass

from loa.channels import actions as channels
from loa.channels.models import Channel
from loa.connectors.contract import ChannelRef, Connector, Limits, Media
from loa.connectors.errors import ChannelLost, Refused
from loa.connectors.registry import all_connectors
from loa.content.queries import limits_of
from loa.content.rules.document import Part
from loa.library.queries import media_for
from loa.ops import clock, fence
from loa.publish.dispatcher.work import Work

# The grant may be renewed or the limits read anew meanwhile; then the platform tells us.
OPEN_FOR_S = 60.0


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

    def open(self, work: Work) -> Opened:
        """Return the channel of `work`, opened. Raises ChannelLost, NotSent or Refused."""
        with self._lock:
            found = self._opened.get(work.channel_id)
        if found is not None and clock.monotonic_s() < found.until:
            return found
        opened = _open(work)
        with self._lock:
            self._opened[work.channel_id] = opened
        return opened

    def shut(self, channel_id: int) -> None:
        """Forget an opened channel, so that the grant is read again."""
        with self._lock:
            self._opened.pop(channel_id, None)

    def renew(self, opened: Opened) -> None:
        """Renew an expired grant, once however many ask. Raises ChannelLost or NotSent."""
        self.shut(opened.channel.pk)
        with fence.inside(opened.channel.workspace_id):
            channel = _read(opened.channel.pk)
            if _generation(channel) == opened.generation:
                channels.renew_grant(channel)

    def is_lost(self, work: Work, opened: Opened | None, lost: ChannelLost) -> bool:
        """Note that the platform took the grant back, and return True.

        False when the grant was replaced while we used the old one: no reason to disconnect.
        """
        self.shut(work.channel_id)
        with fence.inside(work.workspace_id):
            channel = _read(work.channel_id)
            if opened is not None and _generation(channel) != opened.generation:
                return False
            channels.mark_lost(channel, code=lost.code, detail=lost.detail)
        return True


def pictures(opened: Opened, part: Part) -> tuple[Media, ...]:
    """Return the files that go with a part, within what the channel takes."""
    if not part.attachments:
        return ()
    with fence.inside(opened.channel.workspace_id):
        return media_for(
            part.attachments, workspace=opened.channel.workspace, rules=opened.limits.images
        )


def _open(work: Work) -> Opened:
    connector = all_connectors().get(work.platform)
    if connector is None:
        raise Refused(
            "no connector is installed", platform=work.platform, code="channel.no_connector"
        )
    with fence.inside(work.workspace_id):
        channel = _read(work.channel_id)
        ref = channels.open_grant(channel)
    return Opened(
        channel=channel,
        ref=ref,
        connector=connector,
        limits=limits_of(channel, connector),
        generation=_generation(channel),
        until=clock.monotonic_s() + OPEN_FOR_S,
    )


def _read(channel_id: int) -> Channel:
    return Channel.objects.select_related("grant__workspace", "workspace").get(pk=channel_id)


def _generation(channel: Channel) -> tuple[int | None, int]:
    return (channel.grant_id, channel.grant.generation if channel.grant else 0)
