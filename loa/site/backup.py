"""`loa backup FILE`: database, media and keys of this installation in one file."""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from loa.kernel.errors import LoaError
from loa.ops import archive, backups, clock, environment
from loa.ops.home import Home
from loa.ops.postgres import address, serving, software
from loa.ops.postgres.server import Server

# What a restored installation needs to open what the database holds. The passwords of the
# embedded server are left out: a new one gets new ones.
SECRETS = {"master-keys": "LOA_MASTER_KEYS", "django-secret": "LOA_SECRET_KEY"}


class CannotBackUp(LoaError):
    """No backup was written; the message says why."""


def run(file: Path, *, with_keys: bool) -> int:
    """Write a backup while Loa runs or not; return the exit code.

    First the database as of one instant, then the media: media are never changed, only
    added, so everything the dump names is there.
    """
    if file.exists():
        raise CannotBackUp(f"{file} exists already. A backup is never written over another.")
    if not file.parent.is_dir() or not os.access(file.parent, os.W_OK):
        raise CannotBackUp(f"The folder {file.parent} does not exist or cannot be written to.")
    home = Home.from_environment().made()
    with (
        serving.serving(home, command="loa backup") as server,
        tempfile.TemporaryDirectory(dir=file.parent, prefix=".loa-backup-") as folder,
    ):
        dump = Path(folder) / archive.DATABASE
        made_at = clock.now()
        _dump(server, dump)
        manifest = archive.Manifest(
            format=archive.FORMAT,
            loa_version=version("loa"),
            postgres_version=software.installed().version,
            made_at=f"{made_at:%FT%TZ}",
            keys=with_keys,
            database_bytes=dump.stat().st_size,
            database_sha256=archive.sha256_of(dump),
        )
        try:
            count = archive.write(
                file,
                manifest=manifest,
                dump=dump,
                secrets=_secrets(home) if with_keys else {},
                media=None if _bucket() else home.media,
            )
        except OSError as error:
            raise CannotBackUp(
                f"The backup could not be written to {file}: {error.strerror}."
            ) from None
    backups.note(home.path, made_at)
    sys.stdout.write(f"{file}\n")
    _tell(file, manifest, count)
    return 0


def _dump(server: Server | None, to: Path) -> None:
    """Write the whole database, as of one instant, in pg_dump's own compressed format."""
    if server is not None:
        url = server.url("postgres")
        fenced: list[str] = []
    else:
        url = environment.secret("DATABASE_OWNER_URL") or environment.secret("DATABASE_URL")
        # The owner is bound by row-level security too, so it asks to see every workspace.
        fenced = ["--enable-row-security"]
    command = [software.installed().binary("pg_dump"), "--format=custom", f"--file={to}", *fenced]
    ran = subprocess.run(  # noqa: S603 - our own binary, no shell
        command,
        env=address.environment(url) | {"PGOPTIONS": "-c loa.workspace=*"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise CannotBackUp(f"The database could not be read: {ran.stderr.strip()}")


def _secrets(home: Home) -> dict[str, str]:
    """Return the kept keys; those that the environment gives are the administrator's to keep."""
    return {
        name: home.kept_secret(name)
        for name, setting in SECRETS.items()
        if not environment.secret(setting)
    }


def _bucket() -> str:
    """Return the bucket in which media lie; "" when they lie in a folder and go along."""
    return environment.text("LOA_MEDIA_URL")


def _tell(file: Path, manifest: archive.Manifest, media_count: int) -> None:
    size_mb = file.stat().st_size / 1e6
    given = [setting for setting in SECRETS.values() if environment.secret(setting)]
    words = [
        f"Written: {size_mb:.1f} MB, with {media_count} media files, as of {manifest.made_at}."
    ]
    if _bucket():
        words.append(
            f"Media lie in {_bucket()} and are not inside: back that bucket up with its own means "
            "(versioning, replication), and keep what it holds now as long as this file."
        )
    if not manifest.keys:
        words.append("The keys are not inside: without LOA_HOME/secrets no grant opens again.")
    elif given:
        words.append(f"{' and '.join(given)} come from the environment and are not inside.")
    if manifest.keys and len(given) < len(SECRETS):
        words.append("It holds keys: keep it as safe as the machine itself.")
    sys.stderr.write("\n".join(words) + "\n")
