"""Files named by their content: the same bytes are kept once per workspace.

They lie in a folder (LOA_HOME/media) or in a bucket, as LOA_MEDIA_URL says. A key
("7/3f/3fa4….jpg") is not an address: files are served by guarded views alone. A key is
written before the row that names it and never changes, so a backup that copies the rows
first and the files after them is whole.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction

from loa.library.storage.bucket import Bucket
from loa.library.storage.errors import (
    FileMissing,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnreachable,
)
from loa.library.storage.folder import Folder
from loa.library.storage.home import Home, Stored
from loa.ops.buckets import BucketAddress

__all__ = [
    "FileMissing",
    "StorageError",
    "StorageFull",
    "StorageRefused",
    "StorageUnreachable",
    "Stored",
]

CHUNK_BYTES = 1_000_000
SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
}


def home() -> Home:
    """Return where files lie, as the settings say."""
    address: BucketAddress | None = settings.MEDIA_BUCKET
    return _bucket(address) if address else Folder(Path(settings.MEDIA_ROOT))


@lru_cache(maxsize=4)
def _bucket(address: BucketAddress) -> Bucket:
    """Return one object per bucket, so that its connections are used again."""
    return Bucket(address)


def digest(stream: BinaryIO) -> str:
    """Return the SHA-256 of what `stream` holds, in hexadecimal."""
    stream.seek(0)
    found = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        found.update(chunk)
    return found.hexdigest()


def keep(content: bytes, *, workspace_id: int, mime_type: str) -> str:
    """Write `content` unless it is there already, and return its key."""
    return keep_file(BytesIO(content), workspace_id=workspace_id, mime_type=mime_type)


def keep_file(file: BinaryIO, *, workspace_id: int, mime_type: str) -> str:
    """Write what `file` holds unless it is there already, and return its key.

    It is read in pieces, so its size does not matter. When this returns it survives a power
    cut, and nobody tidies it up before the transaction ends or for a day, whichever is later.
    """
    name = digest(file)
    key = f"{workspace_id}/{name[:2]}/{name}{SUFFIXES[mime_type]}"
    size_bytes = file.tell()
    with transaction.atomic():
        hold(key)
        found = home().find(key)
        if found is not None and found.size_bytes == size_bytes:
            home().freshen(key, file)
        else:
            home().put(key, file)
    return key


def hold(key: str, *, alone: bool = False) -> None:
    """Until the transaction ends, let nobody remove the file of `key`; alone: nor keep it."""
    number = int.from_bytes(hashlib.sha256(f"file:{key}".encode()).digest()[:8], signed=True)
    how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(%s)", [number])


def exists(key: str) -> bool:
    """Say whether the file of `key` is there."""
    return home().find(key) is not None


def find(key: str) -> Stored | None:
    """Return size and time of the file of `key`; None when there is none."""
    return home().find(key)


def open_file(key: str) -> BinaryIO:
    """Open the file of `key` for reading from any place; FileMissing when it is gone."""
    return home().open(key)


def on_disk(key: str) -> AbstractContextManager[BinaryIO]:
    """Give the file of `key` as an open file of this machine while the block lasts."""
    return home().on_disk(key)


def remove(key: str) -> None:
    """Delete the file of `key`."""
    home().remove(key)


def listing() -> Iterator[Stored]:
    """Yield every file there is."""
    return home().listing()


def name_of(key: str) -> str:
    """Return what changes whenever the bytes behind the key do, for caches."""
    return PurePosixPath(key).stem[:32]


def path_of(key: str) -> Path:
    """Return where the folder of the settings keeps `key`."""
    return Folder(Path(settings.MEDIA_ROOT)).path_of(key)
