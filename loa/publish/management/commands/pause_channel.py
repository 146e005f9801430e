"""loa pause_channel: hold back what waits on one channel."""

from loa.channels.models import Channel
from loa.publish import actions
from loa.publish.management.switching import ChannelCommand
from loa.workspace.models import Member


class Command(ChannelCommand):
    help = "Hold back what waits on one channel, as the button on its page does. Nothing is lost."

    def switch(self, channel: Channel, *, by: Member) -> None:
        actions.pause_channel(channel, by=by)
