"""loa pause_sending: hold deliveries back in an emergency, everywhere or in some workspaces."""

from argparse import ArgumentParser
from typing import Any

from loa.ops import fence
from loa.publish import actions
from loa.publish.management.switching import SendingCommand
from loa.workspace.management.whom import workspace_called
from loa.workspace.models import Workspace


class Command(SendingCommand):
    help = (
        "Pause sending in every workspace, or in those named, in the name of its owner, as the"
        " button on its pages does. `loa restore` does this too. Prints one workspace a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspaces", metavar="SLUG", nargs="*", help="these alone")
        parser.add_argument("--dry-run", action="store_true", help="list them, pause nothing")

    def handle(
        self, *, workspaces: list[str] | None = None, dry_run: bool = False, **_options: Any
    ) -> None:
        with fence.everywhere("pause sending in workspaces"):
            if workspaces:
                named = [workspace_called(slug) for slug in workspaces]
                found = [one for one in named if one.sending_paused_at is None]
            else:
                found = list(Workspace.objects.filter(sending_paused_at=None).order_by("pk"))
        count = self.switch_each(found, actions.pause_all, dry_run=dry_run)
        self.stderr.write(f"{'would pause' if dry_run else 'paused'}: {count}")
