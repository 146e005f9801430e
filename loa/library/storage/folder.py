"""Files in a folder of this machine, or of a network file system that all machines share."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from loa.library.storage.errors import (
    FileMissing,
    StorageFull,
    StorageRefused,
    StorageUnreachable,
)
from loa.library.storage.home import Stored, checked

CHUNK_BYTES = 1_000_000
_FULL = {errno.ENOSPC, errno.EDQUOT}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


class Folder:
    """A home whose keys are paths below `root`, readable by our own account alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, key: str) -> Path:
        """Return where the file of `key` lies; ValueError for a key that leads outside."""
        return self.root / checked(key)

    def put(self, key: str, file: BinaryIO) -> None:
        """Write beside the place, safely to disk, then under the name."""
        target = self.path_of(key)
        draft = target.with_name(f".{target.name[:16]}.{secrets.token_hex(6)}")
        with sorted_errors(key):
            try:
                self._make_folders(target.parent)
                write_durably(draft, file)
                draft.replace(target)
                sync_folder(target.parent)
            finally:
                draft.unlink(missing_ok=True)

    def freshen(self, key: str, file: BinaryIO) -> None:  # noqa: ARG002 (a bucket needs the bytes)
        """Set the time of the last change to now."""
        with sorted_errors(key):
            os.utime(self.path_of(key))

    def find(self, key: str) -> Stored | None:
        """Return the file's size and time, None when there is none."""
        try:
            with sorted_errors(key):
                return _stored(key, self.path_of(key))
        except FileMissing:
            return None

    def open(self, key: str) -> BinaryIO:
        """Open the file itself."""
        with sorted_errors(key):
            return self.path_of(key).open("rb")

    @contextmanager
    def on_disk(self, key: str) -> Iterator[BinaryIO]:
        """Give the file itself: nothing is copied."""
        with self.open(key) as file:
            yield file

    def remove(self, key: str) -> None:
        """Delete the file."""
        with sorted_errors(key):
            self.path_of(key).unlink(missing_ok=True)

    def listing(self, below: str = "") -> Iterator[Stored]:
        """Yield the files, and what an interrupted write left behind."""
        for folder, _, names in os.walk(self.path_of(below) if below else self.root):
            for name in names:
                path = Path(folder) / name
                try:
                    yield _stored(path.relative_to(self.root).as_posix(), path)
                except FileNotFoundError:  # removed or renamed meanwhile
                    continue

    def _make_folders(self, folder: Path) -> None:
        for one in reversed([folder, *folder.parents]):
            if one == self.root or one.is_relative_to(self.root):
                one.mkdir(parents=True, exist_ok=True, mode=0o700)


def _stored(key: str, path: Path) -> Stored:
    facts = path.stat()
    return Stored(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, tz=UTC))


@contextmanager
def sorted_errors(what: str) -> Iterator[None]:
    """Raise what the operating system says in the terms of storage/errors.py."""
    try:
        yield
    except FileNotFoundError:
        raise FileMissing(what) from None
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(f"{what}: {error.strerror}") from error
        if error.errno in _DENIED:
            raise StorageRefused(f"{what}: {error.strerror}") from error
        raise StorageUnreachable(f"{what}: {error.strerror}") from error


def write_durably(path: Path, file: BinaryIO) -> None:
    """Write all of `file` to the new file `path` and wait until the disk has it."""
    file.seek(0)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        shutil.copyfileobj(file, target, CHUNK_BYTES)
        target.flush()
        os.fsync(target.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in `folder`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
