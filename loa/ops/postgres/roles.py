"""Give a server the roles, the database and the extensions that Loa needs."""

import hashlib
import subprocess
from pathlib import Path

from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.software import Software

SCRIPT = Path(__file__).with_name("roles.sql")


def prepare(folder: Folder, software: Software, *, database: str = "loa") -> None:
    """Run roles.sql, unless this server has seen it with these passwords already."""
    stamp = folder.path / f"prepared-{database}"
    seen = hashlib.sha256(SCRIPT.read_bytes())
    for role in sorted(folder.passwords):
        seen.update(f"{role}={folder.passwords[role]}".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    run_script(folder, software, database=database)
    stamp.write_text(seen.hexdigest())


def run_script(folder: Folder, software: Software, *, database: str) -> None:
    """Run roles.sql as superuser through the socket."""
    ran = subprocess.run(  # noqa: S603 - our own binary, no shell
        [software.binary("psql"), "-XAtq", f"--set=database={database}", f"--file={SCRIPT}"],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PGHOST": str(folder.socket),
            "PGPORT": "5432",
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
            "PGPASSWORD": folder.passwords["postgres"],
            "PGREQUIREAUTH": "scram-sha-256",
            "LOA_OWNER_PASSWORD": folder.passwords["loa_owner"],
            "LOA_APP_PASSWORD": folder.passwords["loa_app"],
        },
    )
    if ran.returncode != 0:
        raise DatabaseUnavailable(f"The database refused to be prepared: {ran.stderr.strip()}")
