"""What a place for files must be able to do. Two can: Folder and Bucket."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """One file as a listing shows it. changed_at: when its bytes were last written."""

    key: str
    size_bytes: int
    changed_at: datetime


class Home(Protocol):
    """A place for files. Each method may raise the errors of storage/errors.py."""

    def put(self, key: str, file: BinaryIO) -> None:
        """Write all of `file`, from its start; when this returns, it survives a power cut."""

    def freshen(self, key: str, file: BinaryIO) -> None:
        """Make a file that is there already count as written now."""

    def find(self, key: str) -> Stored | None:
        """Return what is kept under `key`; None when there is nothing."""

    def open(self, key: str) -> BinaryIO:
        """Return the content for reading, from any place in it."""

    def on_disk(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Give the content as a file of this machine, for programs that need one."""

    def remove(self, key: str) -> None:
        """Delete; nothing happens when it is gone already."""

    def listing(self, below: str = "") -> Iterator[Stored]:
        """Yield everything that is kept, in no order, or what lies in the folder `below`."""


def checked(key: str) -> str:
    """Return the key; ValueError when it is none of ours."""
    parts = key.split("/")
    if not key or not all(parts) or {".", ".."} & set(parts):
        raise ValueError(f"not a key of ours: {key!r}")
    return key
