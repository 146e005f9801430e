"""What the commands that stop sending, or let it go on, have in common."""

from argparse import ArgumentParser
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError

from loa.channels.models import Channel
from loa.ops import fence
from loa.workspace.management.whom import member_called, workspace_called
from loa.workspace.models import Member, Workspace
from loa.workspace.rules.permissions import Ability


class Switch(Protocol):
    """An action that flips the switch of a workspace."""

    def __call__(self, workspace: Workspace, *, by: Member) -> object: ...


class SendingCommand(BaseCommand):
    """A command that flips the switch of whole workspaces, each in the name of its owner."""

    def switch_each(self, workspaces: list[Workspace], switch: Switch, *, dry_run: bool) -> int:
        """Flip the switch of each, print one a line, and return how many. One fails, all others go.

        Each commits by itself: in an emergency nobody waits for the last one.
        """
        failed: list[str] = []
        for workspace in workspaces:
            try:
                with fence.inside(workspace.pk):
                    owner = member_called(workspace, None, ability=Ability.PAUSE)
                    if not dry_run:
                        switch(workspace, by=owner)
            except CommandError as error:
                failed.append(str(error))
            else:
                self.stdout.write(workspace.slug)
        if failed:
            raise CommandError("\n".join(failed))
        return len(workspaces)


class ChannelCommand(BaseCommand):
    """A command that flips the switch of one channel, in somebody's name."""

    def switch(self, channel: Channel, *, by: Member) -> None:
        """Flip it."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "channel", metavar="CHANNEL", help="its handle, PLATFORM:HANDLE, or its number"
        )
        parser.add_argument("--workspace", metavar="SLUG", required=True, help="where it belongs")
        parser.add_argument("--member", metavar="EMAIL", help="as whom; the owner if left out")

    def handle(
        self, *, channel: str, workspace: str, member: str | None = None, **_options: Any
    ) -> None:
        with fence.everywhere("find what a command names"):
            place = workspace_called(workspace)
            by = member_called(place, member, ability=Ability.PAUSE)
        with fence.inside(place.pk):
            found = channel_called(place, channel)
            self.switch(found, by=by)
        self.stdout.write(f"{found.pk}\t{found.platform}:{found.handle}")


def channel_called(workspace: Workspace, name: str) -> Channel:
    """Return the channel that `name` means, or say that none or several are called so."""
    wanted = name.casefold().replace(":@", ":").removeprefix("@")
    channels = list(Channel.objects.in_workspace(workspace).select_related("workspace"))
    found = [one for one in channels if wanted in _names(one)]
    if len(found) == 1:
        return found[0]
    there = "\n".join(f"{one.pk}\t{one.platform}:{one.handle}" for one in found or channels)
    said = "Several channels are called" if found else "No channel is called"
    raise CommandError(f"{said} {name}. Name one of these by its number:\n{there}")


def _names(channel: Channel) -> set[str]:
    handle = channel.handle.casefold().removeprefix("@")
    return {str(channel.pk), handle, f"{channel.platform}:{handle}"}
