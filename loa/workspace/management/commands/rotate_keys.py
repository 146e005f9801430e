"""loa rotate_keys: change master keys and data keys while Loa runs."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from loa.ops import environment, fence
from loa.ops.sealing import CannotOpen
from loa.workspace.actions import rotation
from loa.workspace.models import Workspace

KEPT = "master-keys"


class Command(BaseCommand):
    help = (
        "Wrap the keys of every workspace under the first master key. With --data-keys, also"
        " seal every grant under a new data key. Safe to stop and to run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data-keys", action="store_true", help="new data keys as well")
        parser.add_argument("--workspace", metavar="SLUG", help="new data key for this one only")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        master = parser.add_mutually_exclusive_group()
        master.add_argument(
            "--add-master-key", action="store_true", help="make a new one; then restart Loa"
        )
        master.add_argument(
            "--drop-old-master-keys", action="store_true", help="forget all but the first"
        )

    def handle(
        self,
        *,
        data_keys: bool = False,
        workspace: str | None = None,
        dry_run: bool = False,
        add_master_key: bool = False,
        drop_old_master_keys: bool = False,
        **_options: Any,
    ) -> None:
        if add_master_key:
            self._add_master_key(dry_run=dry_run)
        elif drop_old_master_keys:
            self._drop_old_master_keys(dry_run=dry_run)
        else:
            self._rewrap(dry_run=dry_run)
            if data_keys:
                self._rotate(workspace, dry_run=dry_run)

    def _rewrap(self, *, dry_run: bool) -> None:
        older = rotation.wrapped_with_older()
        for workspace in older:
            self.stdout.write(f"rewrap\t{workspace.slug}")
            if dry_run:
                continue
            try:
                rotation.rewrap_keys(workspace)
            except CannotOpen as error:
                raise CommandError(
                    f"The keys of {workspace.slug} cannot be opened: {error}. Put the master key"
                    " that wrapped them back behind the first, restart, and run this again."
                ) from error
        steps = (
            rotation.second_steps_under_older() if dry_run else rotation.seal_second_steps_anew()
        )
        done = "would rewrap" if dry_run else "rewrapped"
        self.stderr.write(f"{done}: {len(older)} workspaces, {steps} second steps")

    def _rotate(self, slug: str | None, *, dry_run: bool) -> None:
        with fence.everywhere("list workspaces for key rotation"):
            rows = Workspace.objects.order_by("slug")
            chosen = list(rows.filter(slug=slug) if slug else rows)
        if slug and not chosen:
            raise CommandError(f"There is no workspace called {slug}.")
        for workspace in chosen:
            count = None if dry_run else rotation.rotate_data_key(workspace)
            self.stdout.write(f"data-key\t{workspace.slug}\t{'' if count is None else count}")
        self.stderr.write(f"{'would give' if dry_run else 'gave'} a new data key: {len(chosen)}")

    def _add_master_key(self, *, dry_run: bool) -> None:
        self._refuse_when_set_elsewhere()
        if not dry_run:
            words = f"{secrets.token_urlsafe(48)} {settings.MASTER_KEYS}"
            settings.HOME.replace_kept_secret(KEPT, words)
        self.stderr.write("Now restart Loa, then run `loa rotate_keys`.")

    def _drop_old_master_keys(self, *, dry_run: bool) -> None:
        self._refuse_when_set_elsewhere()
        if older := len(rotation.wrapped_with_older()) + rotation.second_steps_under_older():
            raise CommandError(
                f"{older} keys still need an old master key. Run `loa rotate_keys` first."
            )
        if not dry_run:
            settings.HOME.replace_kept_secret(KEPT, settings.MASTER_KEYS.split()[0])
        self.stderr.write("Backups made before today need the old master key: keep it with them.")

    def _refuse_when_set_elsewhere(self) -> None:
        if environment.secret("LOA_MASTER_KEYS"):
            raise CommandError(
                "The master keys come from LOA_MASTER_KEYS: change them there. Put the new one"
                " first and keep the old ones behind it, separated by blanks."
            )
