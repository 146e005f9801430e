"""Make the data folder of a new server."""

import os
import shutil
import subprocess
from pathlib import Path

from loa.ops.postgres import account as accounts
from loa.ops.postgres import configuration
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.reach import Reach
from loa.ops.postgres.software import Software


def make_data(
    folder: Folder, account: accounts.Account | None, installation: Software, *, sync: bool
) -> None:
    """Make the data beside its place and move it there when it is whole.

    A start that died halfway leaves only a draft, which the next one removes.
    sync: wait for the disk. Raises DatabaseUnavailable.
    """
    draft = folder.path / f"data.new-{os.getpid()}"
    password_file = folder.path / f"password.new-{os.getpid()}"
    try:
        _sweep(folder)
        draft.mkdir(mode=0o700)
        password_file.touch(mode=0o600)
        password_file.write_text(folder.passwords["postgres"])
        if account:
            os.chown(draft, account.uid, account.gid)
            os.chown(password_file, account.uid, account.gid)
        _run_initdb(draft, password_file, account, installation, sync=sync)
        (draft / "pg_hba.conf").write_text(configuration.LOGINS)
        draft.rename(folder.data)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The database cannot be made in {folder.path}: {error.strerror}."
        ) from None
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def last_words(said: str) -> str:
    """Return the last lines in which a program of PostgreSQL said what is wrong."""
    wrong = [line for line in said.splitlines() if "FATAL" in line or "error:" in line.lower()]
    return " ".join((wrong or said.splitlines()[-2:] or ["it said nothing."])[-2:])


def _sweep(folder: Folder) -> None:
    for old in folder.path.glob("*.new-*"):
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()
    if folder.data.is_dir() and not any(folder.data.iterdir()):
        folder.data.rmdir()


def _run_initdb(
    draft: Path,
    password_file: Path,
    account: accounts.Account | None,
    installation: Software,
    *,
    sync: bool,
) -> None:
    reach = Reach(account)
    command = [
        installation.binary("initdb"),
        f"--pgdata={reach.name(draft)}",
        f"--pwfile={reach.name(password_file.parent)}/{password_file.name}",
        *configuration.NEW_DATA,
        *([] if sync else ["--no-sync"]),
    ]
    try:
        made = subprocess.run(  # noqa: S603 - our own binary, no shell
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=accounts.environment(),
            pass_fds=reach.open_folders,
            **accounts.arguments(account),
        )
    finally:
        reach.close()
    if "could not look up effective user ID" in made.stderr:
        raise DatabaseUnavailable(
            f"This account (uid {os.geteuid()}) has no name on this machine, and the database "
            "needs one. Add it to /etc/passwd, run Loa as another user, or set DATABASE_URL."
        )
    if made.returncode != 0:
        raise DatabaseUnavailable(
            f"The database could not be made in {draft.parent}: {last_words(made.stderr)}"
        )
