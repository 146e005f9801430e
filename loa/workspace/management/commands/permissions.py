"""loa permissions: the page docs/reference/permissions.md, made from the table in force."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from loa.workspace.wording import permissions_page


class Command(BaseCommand):
    help = "Print who may do what, as Markdown: loa permissions > docs/reference/permissions.md"
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        with translation.override("en"):
            self.stdout.write(permissions_page(), ending="")
