"""Look after connected channels: whether the grant is alive, what the platform allows now."""

from loa.channels.actions.grants import drive_channel
from loa.channels.models import Channel
from loa.connectors.contract import Connected
from loa.connectors.registry import connector
from loa.ops import clock

CHECK_BUDGET_S = 25.0


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
    if channel.state == Channel.State.LOST:
        channel.state, channel.state_code, channel.state_at = Channel.State.CONNECTED, "", now
    channel.save(
        update_fields=[
            "handle",
            "name",
            "avatar_url",
            "facts",
            "checked_at",
            "limits",
            "limits_read_at",
            "state",
            "state_code",
            "state_at",
        ]
    )
