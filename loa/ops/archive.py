"""The file that `loa backup` writes: one tar of database, media, keys and a list of them.

    manifest.json     format, versions, when, and the size and SHA-256 of what must be whole
    database.dump     pg_dump's own format, compressed
    secrets/…         the keys without which sealed grants stay shut
    media/…           assets and renditions as they are
    end.json          how many media there are: a file without it was cut short

The order is that of restoring: what is wrong shows before much is written.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from loa.kernel.errors import LoaError

FORMAT = 1
MANIFEST, END = "manifest.json", "end.json"
DATABASE, SECRETS, MEDIA = "database.dump", "secrets", "media"


class NotABackup(LoaError):
    """The file is no backup that this release can read; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    made_at: an ISO instant in UTC. keys: whether the master keys are inside.
    """

    format: int
    loa_version: str
    postgres_version: str
    made_at: str
    keys: bool
    database_bytes: int
    database_sha256: str

    def as_json(self) -> bytes:
        """Return it as it stands in the file."""
        return json.dumps(asdict(self), indent=2).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read it; NotABackup when it is something else or from a newer Loa."""
        try:
            fields: dict[str, Any] = json.loads(text)
            if fields["format"] > FORMAT:
                raise NotABackup(
                    f"This backup was written by Loa {fields['loa_version']}, which is newer than "
                    "this one. Restore it with that version or a later one."
                )
            return cls(**fields)
        except (ValueError, KeyError, TypeError):
            raise NotABackup("The list inside this backup cannot be read.") from None


def write(
    file: Path, *, manifest: Manifest, dump: Path, secrets: dict[str, str], media: Path | None
) -> int:
    """Write a backup beside its place, safely to disk, then under its name; return its media count.

    media: their folder; None when they lie elsewhere. A file that vanishes from it meanwhile is
    left out: nothing in the dump names it.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    count = 0
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
            _add_bytes(tar, MANIFEST, manifest.as_json())
            tar.add(dump, DATABASE, filter=_plain)
            for name, value in sorted(secrets.items()):
                _add_bytes(tar, f"{SECRETS}/{name}", value.encode())
            for asset, name in _media_in(media):
                try:
                    tar.add(asset, name, filter=_plain)
                    count += 1
                except FileNotFoundError:
                    continue
            _add_bytes(tar, END, json.dumps({"media": count}).encode())
            tar.close()
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return count


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup: where it belongs, and its content."""

    path: PurePosixPath
    size: int
    _content: IO[bytes]

    def chunks(self) -> Iterator[bytes]:
        """Yield the content piece by piece; NotABackup when the file ends too early."""
        left = self.size
        try:
            while chunk := self._content.read(1 << 20):
                left -= len(chunk)
                yield chunk
        except (tarfile.TarError, EOFError, OSError):
            left = -1
        if left:
            raise NotABackup(f"The backup is cut short or damaged in {self.path}.")

    def read(self) -> bytes:
        """Return the whole content of a small member."""
        return b"".join(self.chunks())


def read(file: Path) -> "Reading":
    """Open a backup; NotABackup when it is none."""
    try:
        tar = tarfile.open(file, mode="r|")  # noqa: SIM115 - closed by Reading
    except (tarfile.TarError, EOFError):
        raise NotABackup(f"{file} is no backup of Loa.") from None
    except OSError as error:
        raise NotABackup(f"{file} cannot be read: {error.strerror}.") from None
    return Reading(file, tar)


class Reading:
    """A backup being read from front to back: first `manifest`, then `members`."""

    def __init__(self, file: Path, tar: tarfile.TarFile) -> None:
        self._file = file
        self._tar = tar
        first = self._next()
        if first is None or str(first.path) != MANIFEST:
            raise NotABackup(f"{file} is no backup of Loa.")
        self.manifest = Manifest.from_json(first.read())

    def members(self) -> Iterator[Member]:
        """Yield the files after the manifest, each to be read before the next.

        Links, devices and names that lead out of the backup are refused: a backup may have
        been in other hands.
        """
        media = 0
        while (member := self._next()) is not None:
            if str(member.path) == END:
                if json.loads(member.read())["media"] != media:
                    raise NotABackup(f"{self._file} lacks some of its media.")
                self._tar.close()
                return
            media += member.path.parts[0] == MEDIA
            yield member
        raise NotABackup(f"{self._file} is cut short: its end is missing.")

    def _next(self) -> Member | None:
        try:
            entry = self._tar.next()
            content = self._tar.extractfile(entry) if entry else None
        except (tarfile.TarError, EOFError, OSError):
            raise NotABackup(f"{self._file} is cut short or damaged.") from None
        if entry is None:
            return None
        path = PurePosixPath(entry.name)
        if not entry.isreg() or content is None or path.is_absolute() or ".." in path.parts:
            raise NotABackup(f"{self._file} holds {entry.name!r}, which no backup of Loa does.")
        return Member(path, entry.size, content)


def copied(member: Member, to: Path) -> str:
    """Write a member's content to the new file `to`; return its SHA-256."""
    mark = hashlib.sha256()
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        for chunk in member.chunks():
            mark.update(chunk)
            stream.write(chunk)
    return mark.hexdigest()


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    tar.addfile(entry, io.BytesIO(content))


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owned a file on this machine."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _media_in(folder: Path | None) -> Iterator[tuple[Path, str]]:
    """Yield each file with its name in the backup."""
    if folder is not None:
        for file in _files_below(folder):
            yield file, f"{MEDIA}/{file.relative_to(folder).as_posix()}"


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield regular files, not links, in a fixed order; none when there is no such folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
