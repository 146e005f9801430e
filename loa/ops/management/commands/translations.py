"""loa translations: make the catalogues that Django reads."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from loa.ops import translations


class Command(BaseCommand):
    help = "Merge locale/<language>/*.po into the catalogues that Loa reads, where they changed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be made")

    def handle(self, *, dry_run: bool = False, **_options: Any) -> None:
        made = (
            tuple(one for one in translations.languages() if translations.is_stale(one))
            if dry_run
            else translations.compile_stale()
        )
        for language in made:
            self.stdout.write(language)
