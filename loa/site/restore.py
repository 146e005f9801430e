"""`loa restore FILE`: bring a backup back, into an installation that is empty."""

import shutil
import subprocess
import sys
from pathlib import Path

from loa.kernel.errors import LoaError
from loa.ops import archive, environment
from loa.ops.home import Home
from loa.ops.postgres import address, serving, software
from loa.ops.postgres.server import Server
from loa.site import invocation, schema

UNFINISHED = "restore-unfinished"
# What a restore writes, and therefore what must not be there before, and is removed again
# when it did not come to its end.
PARTS = ("postgres", "media", "secrets", "practice", "owned", "demo-filled")


class CannotRestore(LoaError):
    """Nothing was restored; the message says why and what to do."""


def refuse_unfinished(home: Home) -> None:
    """Refuse to start on what a restore left half-done."""
    if (home.path / UNFINISHED).exists():
        raise CannotRestore(
            f"An earlier `loa restore` into {home.path} did not come to its end. Run it again: it "
            "begins anew."
        )


def run(file: Path) -> int:
    """Restore; return the exit code. Sending is paused in every workspace afterwards."""
    reading = archive.read(file)
    home = Home.from_environment().made()
    _clear_unfinished(home)
    _refuse_full(home)
    (home.path / UNFINISHED).touch()
    dump = home.path / "restored.dump"
    try:
        count = _unpack(reading, home, dump)
        with serving.serving(home, command="loa restore") as server:
            _load(server, dump)
            schema.migrate(home.postgres / "migrated" if server else None)
            _pause_sending()
    finally:
        dump.unlink(missing_ok=True)
    (home.path / UNFINISHED).unlink()
    (home.path / "demo-filled").touch()
    _tell(home, reading.manifest, count)
    return 0


def _clear_unfinished(home: Home) -> None:
    """Remove what an interrupted restore had written; the mark proves that it was a restore."""
    if not (home.path / UNFINISHED).exists():
        return
    for name in PARTS:
        part = home.path / name
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink(missing_ok=True)
    (home.path / "restored.dump").unlink(missing_ok=True)


def _refuse_full(home: Home) -> None:
    found = [name for name in PARTS if _holds_something(home.path / name)]
    if found:
        raise CannotRestore(
            f"{home.path} is not empty (it holds {', '.join(found)}), and a restore never writes "
            "over anything. Set LOA_HOME to an empty folder."
        )
    if serving.is_embedded():
        return
    asked = _psql(
        _owner_url(), "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    )
    if asked != "0":
        raise CannotRestore(
            "The database of DATABASE_URL is not empty, and a restore never writes over anything. "
            "Make an empty one and set DATABASE_URL to it."
        )


def _holds_something(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _unpack(reading: archive.Reading, home: Home, dump: Path) -> int:
    """Write keys and media to their places and the dump beside them; return the media count."""
    media = 0
    dumped = ""
    for member in reading.members():
        place, *rest = member.path.parts
        if member.path.name == archive.DATABASE and not rest:
            dumped = archive.copied(member, dump)
        elif place in {archive.SECRETS, archive.MEDIA} and rest:
            to = home.path / place / Path(*rest)
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            archive.copied(member, to)
            media += place == archive.MEDIA
        else:
            raise archive.NotABackup(
                f"The backup holds {member.path}, which this Loa does not know."
            )
    if dumped != reading.manifest.database_sha256:
        raise archive.NotABackup("The database in this backup is damaged: its checksum differs.")
    return media


def _load(server: Server | None, dump: Path) -> None:
    """Load the dump in one transaction: all of it or nothing."""
    url = _owner_url() if server is None else server.url("postgres")
    command = [software.installed().binary("pg_restore"), "--single-transaction"]
    command += ["--exit-on-error", f"--dbname={address.environment(url)['PGDATABASE']}"]
    if server is None:
        # The roles may be called otherwise there; what the owner makes is shared by default.
        command += ["--no-owner", "--no-privileges", "--no-comments"]
    ran = subprocess.run(  # noqa: S603 - our own binary, no shell
        [*command, str(dump)],
        env=address.environment(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise CannotRestore(f"The database could not be loaded: {ran.stderr.strip()}")


def _pause_sending() -> None:
    """Hold every delivery back: some went out after the backup was made, and would go again."""
    ran = subprocess.run(  # noqa: S603 - our own command, no shell
        invocation.loa_command("pause_sending", "--skip-checks"),
        env=invocation.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise CannotRestore(f"Sending could not be paused: {ran.stderr.strip()}")


def _owner_url() -> str:
    return environment.secret("DATABASE_OWNER_URL") or environment.secret("DATABASE_URL")


def _psql(url: str, query: str) -> str:
    asked = subprocess.run(  # noqa: S603 - our own binary, no shell
        [software.installed().binary("psql"), "-XAtq", "-c", query],
        env=address.environment(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise CannotRestore(f"The database does not answer: {asked.stderr.strip()}")
    return asked.stdout.strip()


def _tell(home: Home, manifest: archive.Manifest, media_count: int) -> None:
    words = [
        f"Restored into {home.path}: the database as of {manifest.made_at}, {media_count} media.",
        "Sending is paused in every workspace: posts that went out after the backup was made would",
        "go out again. Look at the calendar since then, then resume sending in each workspace.",
    ]
    bucket = environment.text("LOA_MEDIA_URL")
    if bucket and media_count:
        words.append(
            f"Media are read from {bucket}, but those of the backup are in {home.media}: copy them "
            "to the bucket, each under its path."
        )
    elif bucket:
        words.append(f"Media are read from {bucket}: it must hold what it held then.")
    elif not media_count:
        words.append(
            "The backup holds no media. If they lie in a bucket, set LOA_MEDIA_URL as it was."
        )
    if not manifest.keys:
        words.append(
            "The backup holds no keys: put the old LOA_HOME/secrets (or LOA_MASTER_KEYS) back, "
            "else every channel must be connected again."
        )
    sys.stderr.write("\n".join(words) + "\n")
