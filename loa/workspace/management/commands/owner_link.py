"""loa owner_link: the way in for the first owner."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from loa.workspace import actions


class Command(BaseCommand):
    help = (
        "Print the one-time link that makes the first owner. It ends earlier links that were not"
        " used, and works for seven days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-missing",
            action="store_true",
            help="print nothing, instead of failing, when there is an owner",
        )

    def handle(self, *, if_missing: bool, **_options: Any) -> None:
        token = actions.make_owner_link()
        if token is None and if_missing:
            return
        if token is None:
            raise CommandError(
                "This installation has an owner already. They invite people on the Team page;"
                " who forgot their password needs `loa reset_link EMAIL`."
            )
        self.stdout.write(settings.PUBLIC_URL + reverse("welcome", kwargs={"token": token}))
