"""Files in a bucket of an S3-compatible storage."""

import io
import shutil
import tempfile
from collections.abc import Buffer, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, cast

from loa.library.storage.errors import (
    FileMissing,
    StorageRefused,
    StorageUnreachable,
)
from loa.library.storage.home import Stored, checked
from loa.ops.buckets import BucketAddress

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

PIECE_BYTES = 8_000_000
PIECES_AT_ONCE = 2  # what a write holds in memory: this many pieces
READ_AHEAD_BYTES = 1_000_000
CONNECT_WITHIN_S = 5
ANSWER_WITHIN_S = 60
TRY_FOR_S = 20
TRIES = 3


class Bucket:
    """A home in a bucket. It speaks to the address of the settings and to no other."""

    def __init__(self, address: BucketAddress) -> None:
        self.address = address

    def put(self, key: str, file: BinaryIO) -> None:
        """Send the file in pieces; the bucket shows all of it or nothing."""
        import obstore  # noqa: PLC0415 (large; a folder does without)

        file.seek(0)
        try:
            with sorted_errors(key):
                obstore.put(
                    self._store,
                    checked(key),
                    file,
                    chunk_size=PIECE_BYTES,
                    max_concurrency=PIECES_AT_ONCE,
                )
        except FileMissing:  # nothing can be missing but the bucket
            raise StorageRefused(f"there is no bucket {self.address.bucket}") from None

    def freshen(self, key: str, file: BinaryIO) -> None:
        """Write it once more: a bucket cannot change a time alone."""
        self.put(key, file)

    def find(self, key: str) -> Stored | None:
        """Return size and time as the bucket knows them."""
        import obstore  # noqa: PLC0415

        try:
            with sorted_errors(key):
                facts = obstore.head(self._store, checked(key))
        except FileMissing:
            return None
        return Stored(key, facts["size"], facts["last_modified"])

    def open(self, key: str) -> BinaryIO:
        """Return a stream that fetches what is read, a megabyte at a time."""
        found = self.find(key)
        if found is None:
            raise FileMissing(key)
        return io.BufferedReader(_Remote(self, key, found.size_bytes), READ_AHEAD_BYTES)

    @contextmanager
    def on_disk(self, key: str) -> Iterator[BinaryIO]:
        """Fetch the content into a file without a name: it is gone even when we are killed."""
        with tempfile.TemporaryFile() as copy:
            with self.open(key) as source:
                shutil.copyfileobj(source, copy, READ_AHEAD_BYTES)
            copy.seek(0)
            yield copy

    def remove(self, key: str) -> None:
        """Delete; a bucket does not say whether there was anything."""
        import obstore  # noqa: PLC0415

        with sorted_errors(key):
            obstore.delete(self._store, checked(key))

    def listing(self, below: str = "") -> Iterator[Stored]:
        """Yield what the bucket holds below our prefix, page by page."""
        import obstore  # noqa: PLC0415

        with sorted_errors("the list of files"):
            for page in obstore.list(self._store, below or None):
                for one in page:
                    yield Stored(one["path"], one["size"], one["last_modified"])

    def piece(self, key: str, start: int, length: int) -> Buffer:
        """Return `length` bytes from `start` on."""
        import obstore  # noqa: PLC0415

        with sorted_errors(key):
            return obstore.get_range(self._store, checked(key), start=start, length=length)

    @cached_property
    def _store(self) -> "S3Store":
        from obstore.store import S3Store  # noqa: PLC0415

        there = self.address
        where: S3Config = {
            "region": there.region,
            "virtual_hosted_style_request": not there.path_style,
        }
        if there.endpoint:
            where["endpoint"] = there.endpoint
        if there.key_id:
            where |= {"access_key_id": there.key_id, "secret_access_key": there.secret}
        return S3Store(
            there.bucket,
            prefix=there.prefix or None,
            config=where,
            client_options={
                "allow_http": there.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=CONNECT_WITHIN_S),
                "timeout": timedelta(seconds=ANSWER_WITHIN_S),
            },
            retry_config={
                "max_retries": TRIES - 1,
                "retry_timeout": timedelta(seconds=TRY_FOR_S),
            },
        )


class _Remote(io.RawIOBase):
    """A file in a bucket, read where the reader stands."""

    def __init__(self, bucket: Bucket, key: str, size: int) -> None:
        self._bucket, self._key, self._size = bucket, key, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, target: Buffer) -> int:
        room = memoryview(cast("bytearray", target)).cast("B")
        length = min(len(room), self._size - self._at)
        if length <= 0:
            return 0
        found = memoryview(self._bucket.piece(self._key, self._at, length))
        room[: len(found)] = found
        self._at += len(found)
        return len(found)


@contextmanager
def sorted_errors(what: str) -> Iterator[None]:
    """Raise what the storage says in the terms of storage/errors.py."""
    from obstore import exceptions  # noqa: PLC0415

    try:
        yield
    except FileNotFoundError:
        raise FileMissing(what) from None
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        raise StorageRefused(f"{what}: {_reason(error)}") from None
    except (exceptions.BaseError, OSError) as error:
        raise StorageUnreachable(f"{what}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """Return the first line of what the client says; the rest repeats the request."""
    return str(error).strip().partition("\n")[0][:200]
