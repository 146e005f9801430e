"""loa resume_sending: let workspaces send again after a restore or an emergency."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from loa.ops import fence
from loa.publish import actions
from loa.publish.management.switching import SendingCommand
from loa.workspace.management.whom import workspace_called
from loa.workspace.models import Workspace


class Command(SendingCommand):
    help = (
        "Let the named workspaces send again, in the name of their owners. What was missed by too"
        " much asks a person first; the rest goes out apart. Prints one workspace a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspaces", metavar="SLUG", nargs="*", help="these")
        parser.add_argument(
            "--all", action="store_true", help="every paused one, whoever paused it and why"
        )
        parser.add_argument("--dry-run", action="store_true", help="list them, resume nothing")

    def handle(
        self,
        *,
        workspaces: list[str] | None = None,
        all: bool = False,  # noqa: A002 - the option's own name
        dry_run: bool = False,
        **_options: Any,
    ) -> None:
        if bool(workspaces) == all:
            raise CommandError("Name the workspaces that shall send again, or say --all.")
        with fence.everywhere("resume sending in workspaces"):
            if workspaces:
                named = [workspace_called(slug) for slug in workspaces]
                found = [one for one in named if one.sending_paused_at is not None]
            else:
                paused = Workspace.objects.exclude(sending_paused_at=None)
                found = list(paused.order_by("pk"))
        count = self.switch_each(found, actions.resume_all, dry_run=dry_run)
        self.stderr.write(f"{'would resume' if dry_run else 'resumed'}: {count}")
