"""Bring the schema up to date, and know without Django when it is."""

import hashlib
import subprocess
from importlib.metadata import version
from pathlib import Path

from loa.kernel.errors import LoaError
from loa.site.invocation import environment, loa_command

# Packages whose migrations are part of our schema.
WITH_MIGRATIONS = ("django", "django-allauth", "procrastinate")
PACKAGE = Path(__file__).resolve().parents[1]


class CannotMigrate(LoaError):
    """The schema could not be brought up to date."""


def fingerprint() -> str:
    """Return a mark of every migration that this release brings."""
    mark = hashlib.sha256()
    for name in WITH_MIGRATIONS:
        mark.update(f"{name} {version(name)}\n".encode())
    for file in sorted(PACKAGE.glob("*/migrations/*.py")):
        mark.update(f"{file.relative_to(PACKAGE)}\n".encode())
        mark.update(file.read_bytes())
    return mark.hexdigest()


def is_current(stamp: Path) -> bool:
    """Tell whether the database beside `stamp` has been migrated by this release."""
    return stamp.is_file() and stamp.read_text() == fingerprint()


def migrate(stamp: Path | None) -> None:
    """Migrate as the owner of the schema; remember it in `stamp`. Raises CannotMigrate."""
    ran = subprocess.run(  # noqa: S603 - our own command, no shell
        loa_command("manage", "migrate", "--verbosity=0", "--no-input", "--skip-checks"),
        env=environment(LOA_DATABASE_ROLE="owner"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        said = (ran.stderr or ran.stdout).strip()
        raise CannotMigrate(
            "The database could not be brought up to date, so Loa does not start:\n" + said
        )
    if stamp is not None:
        stamp.write_text(fingerprint())
