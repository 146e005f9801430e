"""Give a server the roles, the database and the extensions that Loa needs."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loa.ops.postgres import address, software
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder

SCRIPT = Path(__file__).with_name("roles.sql")


@dataclass(frozen=True, slots=True)
class Names:
    """What the database and its two roles are called."""

    database: str = "loa"
    owner: str = "loa_owner"
    app: str = "loa_app"


def prepare(folder: Folder, superuser_url: str, installation: software.Software) -> None:
    """Run roles.sql on an embedded server, unless it has seen it with these passwords already."""
    stamp = folder.path / "prepared"
    seen = hashlib.sha256(SCRIPT.read_bytes())
    for role in sorted(folder.passwords):
        seen.update(f"{role}={folder.passwords[role]}".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    run_script(
        superuser_url,
        names=Names(),
        owner_password=folder.passwords["loa_owner"],
        app_password=folder.passwords["loa_app"],
        installation=installation,
    )
    stamp.write_text(seen.hexdigest())


def run_script(
    url: str,
    *,
    names: Names,
    owner_password: str,
    app_password: str,
    installation: software.Software,
) -> None:
    """Run roles.sql as the superuser of `url`. Raises DatabaseUnavailable with its words."""
    command = [
        installation.binary("psql"),
        "-XAtq",
        f"--set=database={names.database}",
        f"--set=owner={names.owner}",
        f"--set=app={names.app}",
        f"--file={SCRIPT}",
    ]
    ran = subprocess.run(  # noqa: S603 - our own binary, no shell
        command,
        capture_output=True,
        text=True,
        check=False,
        env=address.environment(url)
        | {"LOA_OWNER_PASSWORD": owner_password, "LOA_APP_PASSWORD": app_password},
    )
    if ran.returncode != 0:
        raise DatabaseUnavailable(f"The database refused to be prepared: {ran.stderr.strip()}")
