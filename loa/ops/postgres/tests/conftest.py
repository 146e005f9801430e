"""A folder for a server, and a way to be an ordinary user for a while."""

import os
import pickle
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from loa.ops.postgres import account, software
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.server import Server

# initdb asks for the account's name, so it must have one; every Unix has this account.
AN_ORDINARY_UID = pwd.getpwnam("nobody").pw_uid


class AsOrdinaryUser(Protocol):
    """Run a task, which is given binaries it can read, as an ordinary user."""

    def __call__[T](self, task: Callable[[software.Software], T]) -> T: ...


def a_folder(path: Path) -> Folder:
    """Return the folder of a server below `path`, with random passwords."""
    roles = ("postgres", "loa_owner", "loa_app")
    return Folder(
        path / "postgres",
        path / "postgres" / "socket",
        {role: secrets.token_urlsafe(12) for role in roles},
    )


@pytest.fixture
def place() -> Iterator[Path]:
    """Return an empty folder with a short name that any account may enter."""
    path = Path(tempfile.mkdtemp(prefix="loa-t-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def server(place: Path) -> Iterator[Server]:
    """Return a server that is not started yet."""
    server = Server(a_folder(place), durable=False)
    yield server
    server.stop()


@pytest.fixture
def as_ordinary_user(place: Path) -> AsOrdinaryUser:
    """Return a function that runs another as an ordinary user, also when the tests run as root.

    A forked copy of this process gives up its rights, because the interpreter itself may lie
    below /root, where no other account could start it.
    """

    def run[T](task: Callable[[software.Software], T]) -> T:
        if os.geteuid() != 0:
            return task(software.installed())
        os.chown(place, AN_ORDINARY_UID, AN_ORDINARY_UID)
        ordinary = account.for_data(place)
        readable = software.readable_by(ordinary, software.installed(), near=place / "software")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _in_child(task, readable, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as stream:
            said = stream.read()
        os.waitpid(child, 0)
        outcome: T | BaseException = pickle.loads(said)  # noqa: S301 - written by our own child
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return run


def _in_child(
    task: Callable[[software.Software], object], readable: software.Software, writing: int
) -> None:
    """Run `task` without rights, send what came of it, and end this process."""
    outcome: object
    try:
        os.setgroups([])
        os.setresgid(AN_ORDINARY_UID, AN_ORDINARY_UID, AN_ORDINARY_UID)
        os.setresuid(AN_ORDINARY_UID, AN_ORDINARY_UID, AN_ORDINARY_UID)
        outcome = task(readable)
    except BaseException as error:  # noqa: BLE001 - told to the parent, which raises it
        outcome = error
    with os.fdopen(writing, "wb") as stream:
        stream.write(pickle.dumps(outcome))
    os._exit(0)
