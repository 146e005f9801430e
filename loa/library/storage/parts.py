"""Files that are still arriving: one per upload, in LOA_HOME/uploads, named by chance.

The row of the upload says how many bytes count. A part may hold more, when a process died
between writing and committing; those are cut off by the next write.
"""

import os
import secrets
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from loa.library.storage.errors import FileMissing, StorageFull
from loa.library.storage.folder import sorted_errors
from loa.library.storage.home import Stored

COPY_BYTES = 65_536
# What an upload leaves free: the database lives on the same disk.
KEEP_FREE_BYTES = 500_000_000


def new_name() -> str:
    """Return a name that nobody can guess and no file name of a person reaches."""
    return secrets.token_hex(16)


def refuse_full(size_bytes: int) -> None:
    """Raise StorageFull when the disk has no room for `size_bytes` more."""
    with sorted_errors("the folder of uploads"):
        free = shutil.disk_usage(_root()).free
    if free < size_bytes + KEEP_FREE_BYTES:
        raise StorageFull(f"{free} bytes are free, {size_bytes} are to come")


@contextmanager
def spooled(source: BinaryIO, *, most_bytes: int) -> Iterator[tuple[BinaryIO, int]]:
    """Give what `source` sends as a file, with its size: at most `most_bytes`, or what came.

    Nothing of an upload is locked while a slow line delivers.
    """
    with sorted_errors("a piece of an upload"):
        file = tempfile.TemporaryFile(dir=_root())  # noqa: SIM115 (closed below)
    with file:
        size = 0
        while size < most_bytes and (some := _next(source, most_bytes - size)):
            with sorted_errors("a piece of an upload"):
                file.write(some)
            size += len(some)
        with sorted_errors("a piece of an upload"):
            file.flush()
        yield file, size


def _next(source: BinaryIO, left_bytes: int) -> bytes:
    try:
        return source.read(min(COPY_BYTES, left_bytes))
    except OSError:  # the line broke; what came before is as good as ever
        return b""


def append(name: str, piece: BinaryIO, *, at: int, checksum: int) -> int:
    """Write `piece` at byte `at` of the part, to the disk; return the checksum up to its end.

    checksum: of what is before. FileMissing when the part holds less than `at` bytes.
    """
    with sorted_errors("an upload"):
        handle = os.open(_path(name), os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "wb") as file:
            if file.seek(0, os.SEEK_END) < at:
                raise FileMissing(name)
            file.seek(at)
            file.truncate()
            piece.seek(0)
            while some := piece.read(COPY_BYTES):
                file.write(some)
                checksum = zlib.crc32(some, checksum)
            file.flush()
            os.fsync(file.fileno())
    return checksum


def holds(name: str, size_bytes: int) -> bool:
    """Say whether the part has at least `size_bytes`."""
    try:
        return _path(name).stat().st_size >= size_bytes
    except FileNotFoundError:
        return size_bytes == 0


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """Open a part that is complete; FileMissing when it is gone."""
    with sorted_errors("an upload"):
        file = _path(name).open("rb")
    with file:
        yield file


def checksum_of(file: BinaryIO) -> int:
    """Return the CRC-32 of everything in `file`."""
    found = 0
    file.seek(0)
    while some := file.read(COPY_BYTES):
        found = zlib.crc32(some, found)
    return found


def remove(name: str) -> None:
    """Delete a part."""
    with sorted_errors("an upload"):
        _path(name).unlink(missing_ok=True)


def listing() -> Iterator[Stored]:
    """Yield the parts there are."""
    for path in _root().iterdir():
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue
        yield Stored(path.name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, tz=UTC))


def _path(name: str) -> Path:
    if not name.isalnum():
        raise ValueError(f"not a part of ours: {name!r}")
    return _root() / name


def _root() -> Path:
    root = Path(settings.UPLOADS_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root
