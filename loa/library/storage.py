"""Files under MEDIA_ROOT, named by their content: the same bytes are kept once per workspace.

A key ("7/3f/3fa4….jpg") is not an address: files are served by guarded views alone. A key is
written before the row that names it and never changes, so a backup that copies the rows
first and the files after them is whole.
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK_BYTES = 1_000_000
SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
}


def digest(stream: BinaryIO) -> str:
    """Return the SHA-256 of what `stream` holds, in hexadecimal."""
    stream.seek(0)
    found = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        found.update(chunk)
    return found.hexdigest()


def keep(content: bytes, *, workspace_id: int, mime_type: str) -> str:
    """Write `content` unless it is there already, and return its key. Survives a power cut."""
    name = hashlib.sha256(content).hexdigest()
    key = f"{workspace_id}/{name[:2]}/{name}{SUFFIXES[mime_type]}"
    target = path_of(key)
    if target.exists() and target.stat().st_size == len(content):
        return key
    for folder in reversed(target.parents[:3]):  # MEDIA_ROOT, the workspace's, the leaf
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{name[:16]}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return key


def open_file(key: str) -> BinaryIO:
    """Open the file of `key` for reading; FileNotFoundError when it is gone."""
    return path_of(key).open("rb")


def name_of(key: str) -> str:
    """Return what changes whenever the bytes behind the key do, for caches."""
    return Path(key).stem[:32]


def path_of(key: str) -> Path:
    """Return where the file of `key` lies; ValueError for a key that leads outside."""
    root = Path(settings.MEDIA_ROOT)
    path = root / key
    if ".." in Path(key).parts or not path.is_relative_to(root):
        raise ValueError(f"not a key of ours: {key!r}")
    return path
