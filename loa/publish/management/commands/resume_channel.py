"""loa resume_channel: let one channel send again."""

from loa.channels.models import Channel
from loa.publish import actions
from loa.publish.management.switching import ChannelCommand
from loa.workspace.models import Member


class Command(ChannelCommand):
    help = "Let one channel send again. What was missed by too much asks a person first."

    def switch(self, channel: Channel, *, by: Member) -> None:
        actions.resume_channel(channel, by=by)
