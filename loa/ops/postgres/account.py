"""The account that runs the server: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loa.ops.postgres.errors import DatabaseUnavailable

OWN_ACCOUNT = "loa-postgres"


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account on this machine."""

    name: str
    uid: int
    gid: int

    def can_run(self, program: str) -> bool:
        """Tell whether this account can reach and execute `program`, by trying."""
        try:
            tried = subprocess.run(  # noqa: S603 - our own binary, no shell
                [program, "--version"],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                check=False,
            )
        except OSError:
            return False
        return tried.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this account can reach `folder` by its path."""
        tried = subprocess.run(  # noqa: S603 - fixed program, no shell
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
        return tried.returncode == 0


def for_data(data: Path) -> Account | None:
    """Return who must run the server on `data`; None when that is simply ourselves.

    An existing data folder keeps its owner: PostgreSQL refuses any other.
    """
    if os.geteuid() != 0:
        return None
    if data.is_dir() and data.stat().st_uid != 0:
        status = data.stat()
        return Account(_name(status.st_uid), status.st_uid, status.st_gid)
    for name in (OWN_ACCOUNT, "postgres", "nobody"):
        if name == OWN_ACCOUNT:
            _create(OWN_ACCOUNT)
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise DatabaseUnavailable(
        "The database server must not run as root, and no unprivileged account could be made. "
        f"Create one with `useradd --system {OWN_ACCOUNT}`, or run Loa as an ordinary user."
    )


def arguments(account: Account | None) -> dict[str, Any]:
    """Return what subprocess needs to run a child as `account`."""
    if account is None:
        return {"umask": 0o077}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def environment() -> dict[str, str]:
    """Return a small environment: no PG* variable of the person's own may steer the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _create(name: str) -> None:
    """Add a system account, if it is missing and the machine has a tool for it."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        useradd = shutil.which("useradd")
        if useradd is None:
            return
        command = [useradd, "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
        # Two first starts may race here; the loser finds the winner's account.
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
