"""A server for one test session: made in a second, gone without a trace."""

import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loa.ops.postgres.folder import Folder
from loa.ops.postgres.server import Server


@contextmanager
def server() -> Iterator[Server]:
    """Run a server in a folder of its own, without waiting for the disk.

    Connect with `Server.url("postgres" | "loa_owner" | "loa_app", database=...)`.
    """
    path = Path(tempfile.mkdtemp(prefix="loa-pg-"))
    path.chmod(0o755)  # the server's account passes through; what is inside is its own
    roles = ("postgres", "loa_owner", "loa_app")
    folder = Folder(
        path / "postgres",
        path / "postgres" / "socket",
        {role: secrets.token_urlsafe(24) for role in roles},
    )
    running = Server(folder, durable=False)
    try:
        running.start()
        yield running
    finally:
        running.stop(first=signal.SIGQUIT)
        shutil.rmtree(path, ignore_errors=True)
