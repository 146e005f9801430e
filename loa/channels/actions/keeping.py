"""Look after connected channels: whether the grant is alive, what the platform allows now."""

import logging
from datetime import timedelta

from loa.channels.actions.grants import drive_channel
from loa.channels.models import Channel
from loa.connectors.contract import Connected
from loa.connectors.errors import ConnectorError
from loa.connectors.registry import connector
from loa.ops import clock, fence

log = logging.getLogger(__name__)

CHECK_BUDGET_S = 25.0
STALE_AFTER = timedelta(hours=6)
ROUND = 200


def check_stale_channels() -> int:
    """Check the connected channels that nobody asked about for six hours; return how many."""
    before = clock.now() - STALE_AFTER
    with fence.everywhere("find channels to check"):
        stale = list(
            Channel.objects.filter(state=Channel.State.CONNECTED, checked_at__lt=before)
            .order_by("checked_at", "pk")
            .values_list("workspace_id", "pk")[:ROUND]
        )
    for workspace_id, channel_id in stale:
        with fence.inside(workspace_id):
            channel = Channel.objects.select_related("grant", "workspace").get(pk=channel_id)
            try:
                check_channel(channel)
            except ConnectorError as error:
                log.warning("channel %s could not be checked: %s", channel_id, error.code or error)
    return len(stale)


def check_channel(channel: Channel) -> None:
    """Ask the platform whether the grant is alive, and read names and limits afresh.

    Raises ChannelLost (the channel is then marked lost) or NotSent when the platform could
    not be asked; then nothing changes, because "could not look" is not "gone".
    """
    connected: Connected = drive_channel(
        channel, connector(channel.platform).check, budget_s=CHECK_BUDGET_S
    )
    now = clock.now()
    channel.handle, channel.name = connected.handle, connected.name or connected.handle
    channel.avatar_url = connected.avatar_url
    channel.facts = {**channel.facts, **connected.facts}
    channel.checked_at = now
    if connected.limits:
        channel.limits, channel.limits_read_at = connected.limits.to_json(), now
    channel.save(
        update_fields=[
            "handle",
            "name",
            "avatar_url",
            "facts",
            "checked_at",
            "limits",
            "limits_read_at",
        ]
    )
    # Where it is lost or disconnected since it was asked about, that is news, and stays.
    Channel.objects.filter(
        pk=channel.pk, state=Channel.State.LOST, state_at=channel.state_at
    ).update(state=Channel.State.CONNECTED, state_code="", state_at=now)
    channel.refresh_from_db(fields=["state", "state_code", "state_at"])
