"""What an earlier Loa left behind: a server still running, or a process id long reused."""

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loa.ops import processes
from loa.ops.postgres import address
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder

PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True)
class PidFile:
    """What a server writes into postmaster.pid.

    started_at_s: seconds since 1970, as the server counts them.
    state: "starting", "ready", "stopping" or "".
    """

    pid: int
    started_at_s: int
    state: str

    @classmethod
    def read(cls, data: Path) -> "PidFile | None":
        """Return the file's content, None when it is missing or half-written."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            state = lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004 - its 8th line
            return cls(abs(int(lines[0])), int(lines[2]), state)
        return None


def is_ready(data: Path, *, pid: int) -> bool:
    """Tell whether the server with process id `pid` says that it takes connections."""
    file = PidFile.read(data)
    return file is not None and file.pid == pid and file.state == "ready"


def running(folder: Folder) -> list[int]:
    """Return the PostgreSQL processes that work in our data folder.

    A process id in a file proves nothing: after a restart of the machine it can belong to
    anybody. A PostgreSQL process whose working directory is our data folder is ours.
    """
    return [
        pid for pid in processes.working_in(folder.data) if processes.program(pid) == "postgres"
    ]


def clear(folder: Folder) -> bool:
    """Stop a server that still runs on our folder; tell whether there was one.

    Afterwards nothing works in the folder, so a postmaster.pid that is still there names a
    process that is not ours, and is removed: PostgreSQL would believe it and not start.
    """
    found = running(folder)
    for way in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if _ended(folder, way):
            break
    else:
        raise DatabaseUnavailable(
            f"A database server (process {found[0]}) still works in {folder.data} and cannot be "
            "stopped. End it, then start Loa again."
        )
    (folder.data / "postmaster.pid").unlink(missing_ok=True)
    for left in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (folder.socket / left).unlink(missing_ok=True)
    return bool(found)


def _ended(folder: Folder, way: signal.Signals) -> bool:
    """Signal the server, or backends that outlived theirs, and wait until all are gone."""
    found = running(folder)
    heads = [pid for pid in found if processes.parent(pid) not in found]
    targets = found if way == signal.SIGKILL else heads
    for pid in targets:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, way)
    return processes.wait_until(lambda: not running(folder), within_s=PATIENCE_S, every_s=0.05)


def answers(folder: Folder, url: str, *, psql: str) -> bool:
    """Tell whether the server behind our socket knows our password and is the one in the file.

    url: the superuser's address. The server's own start time, asked with a query, must be
    the one in postmaster.pid.
    """
    file = PidFile.read(folder.data)
    if file is None or file.state != "ready" or file.pid not in running(folder):
        return False
    asked = subprocess.run(  # noqa: S603 - our own binary, no shell
        [psql, "-XAtq", "-c", "SELECT extract(epoch FROM pg_postmaster_start_time())::bigint"],
        capture_output=True,
        text=True,
        check=False,
        env=address.environment(url),
    )
    said = asked.stdout.strip()
    return said.isdigit() and abs(int(said) - file.started_at_s) <= 1
