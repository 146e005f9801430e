"""When the last backup was made, noted in LOA_HOME for whoever asks about it."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

FILE = "last-backup"


def note(home: Path, at: datetime) -> None:
    """Note that a backup was written."""
    (home / FILE).write_text(f"{at.astimezone(UTC):%FT%TZ}\n")


def last(home: Path) -> datetime | None:
    """Return when `loa backup` last wrote one from this folder; None when that is not known."""
    with suppress(OSError, ValueError):
        return datetime.fromisoformat((home / FILE).read_text().strip())
    return None
