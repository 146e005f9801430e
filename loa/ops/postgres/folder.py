"""The folders of one embedded server, checked before anything is believed or written."""

import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loa.ops.home import Home
from loa.ops.postgres.account import Account
from loa.ops.postgres.errors import DatabaseUnavailable

# A new data folder takes about 45 MB, and a server without room to write its log stops.
LEAST_FREE_BYTES = 150_000_000


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one server keeps its data and its socket, and the passwords of its roles.

    passwords: by role name: postgres, loa_owner, loa_app.
    """

    path: Path
    socket: Path
    passwords: Mapping[str, str]

    @classmethod
    def of(cls, home: Home) -> "Folder":
        """Return the folder of an installation."""
        home.made()
        return cls(
            home.postgres,
            home.socket_folder,
            {
                "postgres": home.kept_secret("postgres-superuser"),
                "loa_owner": home.kept_secret("postgres-owner"),
                "loa_app": home.kept_secret("postgres-app"),
            },
        )

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "server.log"

    def made_for(self, account: Account | None) -> None:
        """Make the folders that are missing and refuse those that are not safely ours."""
        uid = os.geteuid() if account is None else account.uid
        for folder in (self.path, self.socket):
            _private(folder, uid=uid, account=account)
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE_BYTES:
            raise DatabaseUnavailable(
                f"Only {free // 1_000_000} MB are free on the disk of {self.path}; the database "
                f"needs at least {LEAST_FREE_BYTES // 1_000_000} MB. Free some space, or set "
                "LOA_HOME to a folder on another disk."
            )

    def refuse_other_major(self, major: str) -> None:
        """Refuse data written by another major version of PostgreSQL."""
        file = self.data / "PG_VERSION"
        if not file.exists():
            return
        found = file.read_text().strip()
        if found != major:
            raise DatabaseUnavailable(
                f"The data in {self.data} was written by PostgreSQL {found}, and this Loa brings "
                f"PostgreSQL {major}, which cannot read it. Start the Loa that wrote it, run "
                "`loa backup`, and `loa restore` the file into an empty LOA_HOME with this one."
            )


def _private(folder: Path, *, uid: int, account: Account | None) -> None:
    """Make `folder` for the server's account alone; refuse one that others could reach.

    The socket folder may lie in /tmp, where anybody can have made it before us: a link, a
    foreign owner or a wider mode would let them stand in for the server.
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    except OSError as error:
        raise DatabaseUnavailable(
            f"The folder {folder} cannot be made: {error.strerror}. "
            "Set LOA_HOME to a folder you may write to."
        ) from None
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
        raise DatabaseUnavailable(
            f"{folder} exists and belongs to another account, so the database server will not "
            "trust it. Remove it if it is a leftover of yours, or set LOA_HOME to another folder."
        )
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise DatabaseUnavailable(
            f"{folder} is open to other accounts, so the database server will not trust it. "
            f"Close it with `chmod 700 {folder}`."
        )
