"""loa import_posts: bring a file of posts in from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from loa.intake import actions, queries, wording
from loa.intake.models import Import, ImportRow
from loa.intake.rules.stored import findings_from_json
from loa.ops import fence
from loa.workspace.management.whom import member_called, workspace_called
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Ability


class Command(BaseCommand):
    help = (
        "Read a CSV or XLSX file of posts, print what stands against each row, and bring in the"
        " rows that are fit for it. Importing the same file again doubles nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
        parser.add_argument("--workspace", metavar="SLUG", required=True, help="where to")
        parser.add_argument("--member", metavar="EMAIL", help="as whom; the owner if left out")
        parser.add_argument(
            "--schedule", action="store_true", help="schedule the rows; else they become drafts"
        )
        parser.add_argument("--dry-run", action="store_true", help="look at the rows alone")

    def handle(
        self,
        *,
        file: Path,
        workspace: str,
        member: str | None = None,
        schedule: bool = False,
        dry_run: bool = False,
        **_options: Any,
    ) -> None:
        by = self._member(workspace, member)
        with translation.override(by.user.language):
            begun = self._read(file, by)
            try:
                self._print_rows(begun)
            finally:
                if dry_run:
                    self._forget(begun)
            counts = f"{begun.ready_count}\t{begun.draft_only_count}\t{begun.unusable_count}"
            self.stderr.write(f"ready, only as drafts, to mend:\t{counts}")
            if not dry_run:
                self._bring_in(begun, by, schedule=schedule)

    def _member(self, slug: str, email: str | None) -> Member:
        with fence.everywhere("find the workspace that a command names"):
            return member_called(workspace_called(slug), email, ability=Ability.COMPOSE)

    def _read(self, file: Path, by: Member) -> Import:
        try:
            with file.open("rb") as opened, fence.inside(by.workspace_id):
                begun = actions.begin_import(by, file=opened, filename=file.name)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except actions.TooLarge:
            raise CommandError(f"{file} is larger than LOA_UPLOAD_MAX_BYTES.") from None
        # Here and now; the job that was enqueued as well finds it read.
        actions.read_import(workspace_id=by.workspace_id, import_id=begun.pk)
        read = self._again(begun)
        if read.state != Import.State.READY:
            raise CommandError(wording.trouble(read))
        return read

    def _print_rows(self, begun: Import) -> None:
        after = 0
        while True:
            with fence.inside(begun.workspace_id):
                rows = list(queries.shown_rows(begun, show="").filter(number__gt=after)[:500])
            if not rows:
                return
            after = rows[-1].number
            for row in rows:
                said = "; ".join(wording.sentence(one) for one in findings_from_json(row.findings))
                self.stdout.write(f"{row.number}\t{row.fit}\t{said}")

    def _bring_in(self, begun: Import, by: Member, *, schedule: bool) -> None:
        mode = Import.Mode.SCHEDULE if schedule else Import.Mode.DRAFTS
        try:
            with fence.inside(begun.workspace_id):
                started = actions.start_import(begun, mode=mode, by=by)
        except actions.MayNotSchedule:
            raise CommandError(f"{by.user.email} may not schedule posts.") from None
        actions.run_import(
            workspace_id=begun.workspace_id, import_id=begun.pk, attempt=started.attempt
        )
        done = self._again(begun)
        self.stderr.write(f"imported {done.done_count}, refused {done.refused_count}")
        with fence.inside(begun.workspace_id):
            refused = queries.shown_rows(begun, show=ImportRow.State.REFUSED).exists()
        if refused or begun.unusable_count:
            raise CommandError("Not every row could be imported; the others are in.")

    def _forget(self, begun: Import) -> None:
        with fence.inside(begun.workspace_id):
            Import.objects.in_workspace(begun.workspace).filter(pk=begun.pk).delete()

    def _again(self, begun: Import) -> Import:
        with fence.inside(begun.workspace_id):
            return Import.objects.select_related("workspace").get(pk=begun.pk)
