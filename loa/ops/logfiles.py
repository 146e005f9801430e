"""Log files that programs append to, kept from filling the disk."""

import os
import shutil
from pathlib import Path

LARGEST_BYTES = 5_000_000


def opened(log: Path) -> int:
    """Open a log for a child to append to; close the handle once the child has it."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def keep_small(log: Path) -> None:
    """Move a grown log aside, keeping one, while its writer goes on appending.

    The writer keeps its handle, so the content is copied and the file emptied; a line
    written between the two is lost.
    """
    if not log.exists() or log.stat().st_size <= LARGEST_BYTES:
        return
    aside = log.with_suffix(".log.1")
    shutil.copyfile(log, aside)
    aside.chmod(0o600)
    os.truncate(log, 0)


def last_words(log: Path, *, since: int = 0) -> str:
    """Return what was written after the byte `since`, at most the last 20,000 characters."""
    try:
        with log.open(errors="replace") as stream:
            stream.seek(since)
            return stream.read()[-20_000:]
    except OSError:
        return ""
