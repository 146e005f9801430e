"""loa tidy_media: remove files that no row names."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loa.library import actions
from loa.library.storage import StorageError


class Command(BaseCommand):
    help = (
        "Remove the files of media that no row names and that are older than --days. Safe while "
        "Loa runs. Prints one file a line: its key and its bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list them, remove nothing")
        parser.add_argument(
            "--days", type=int, default=7, help="how old they must be, at least 1; 7 if not said"
        )

    def handle(self, *, dry_run: bool, days: int, **_options: Any) -> None:
        if days < 1:
            raise CommandError("--days must be 1 or more: younger files may be about to be used.")
        count = size_bytes = 0
        try:
            for one in actions.tidy_media(older_than=timedelta(days=days), dry_run=dry_run):
                self.stdout.write(f"{one.key}\t{one.size_bytes}")
                count, size_bytes = count + 1, size_bytes + one.size_bytes
        except StorageError as error:
            raise CommandError(f"The storage of media failed: {error}.") from None
        done = "would remove" if dry_run else "removed"
        self.stderr.write(f"{done}: {count} files, {size_bytes / 1e6:.1f} MB")
