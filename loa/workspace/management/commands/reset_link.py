"""loa reset_link: a way back in for somebody who forgot their password."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from loa.workspace import actions
from loa.workspace.models import User


class Command(BaseCommand):
    help = "Print a link with which a person chooses a new password, once, within a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--remove-second-step",
            action="store_true",
            help="for somebody who also lost their phone and their recovery codes",
        )

    def handle(self, *, email: str, remove_second_step: bool = False, **_options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if remove_second_step:
            actions.remove_second_step(user)
            actions.end_all_sessions(user)
        made = actions.reset_link_for(user)
        where = reverse("account_reset_password_from_key", args=[made.uid, made.key])
        actions.record_person(user, action="person.reset_link_made")
        self.stdout.write(settings.PUBLIC_URL + where)
