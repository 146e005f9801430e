"""The embedded server for the length of one command, when `loa up` does not run it already."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid, getppid

from loa.ops import environment
from loa.ops.home import Home
from loa.ops.lock import Holder, InUse, Lock
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.server import Server


def is_embedded() -> bool:
    """Tell whether this installation brings its own server, that is, no DATABASE_URL is set."""
    return not environment.secret("DATABASE_URL")


@contextmanager
def serving(home: Home, *, command: str) -> Iterator[Server | None]:
    """Have a database for the block; yield the embedded server, None with DATABASE_URL.

    A server that `loa up`, or the command that started us, runs is used; its
    `Server.process` is None then. Otherwise one is started, and stopped at the end.
    """
    if not is_embedded():
        yield None
        return
    folder = Folder.of(home)
    with Lock(home.path) as lock:
        server = Server(folder)
        if not _taken(lock, command):
            yield server
            return
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _taken(lock: Lock, command: str) -> bool:
    """Take the lock; False when who has it runs a server for us. Raises InUse otherwise."""
    try:
        lock.take(Holder(getpid(), command))
    except InUse as used:
        if used.holder is None or not _serves_us(used.holder):
            raise
        return False
    return True


def _serves_us(holder: Holder) -> bool:
    """Tell whether the holder's server lasts longer than we do."""
    return bool(holder.address) or holder.pid == getppid()
