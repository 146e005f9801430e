"""loa pause_sending: hold every delivery of every workspace back, in an emergency."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from loa.ops import fence
from loa.publish import actions
from loa.workspace.models import Member, Workspace
from loa.workspace.rules.permissions import Role


class Command(BaseCommand):
    help = (
        "Pause sending in every workspace, in the name of its owner, as the button on its pages"
        " does. `loa restore` does this too. Prints one workspace a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list them, pause nothing")

    def handle(self, *, dry_run: bool, **_options: Any) -> None:
        with fence.everywhere("pause sending in every workspace"):
            workspaces = list(
                Workspace.objects.filter(sending_paused_at=None).order_by("pk").iterator()
            )
            for workspace in workspaces:
                owner = (
                    Member.objects.in_workspace(workspace)
                    .filter(role=Role.OWNER, left_at=None)
                    .order_by("joined_at")
                    .first()
                )
                if owner is not None and not dry_run:
                    actions.pause_all(workspace, by=owner)
                self.stdout.write(workspace.slug)
        self.stderr.write(f"{'would pause' if dry_run else 'paused'}: {len(workspaces)}")
