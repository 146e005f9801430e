"""The database of time zones: which version is in use, and how to begin to use a new one."""

import zoneinfo
from importlib import metadata
from pathlib import Path

UNKNOWN = "unknown"
_FIRST_LINE = "# version "


def database_version() -> str:
    """Return the version of the zones in use, such as "2026b"; "unknown" when nothing says it.

    The system's own database comes before the package, as Python looks for it.
    """
    for folder in zoneinfo.TZPATH:
        told = _version_in(Path(folder))
        if told:
            return told
    try:
        return metadata.version("tzdata")
    except metadata.PackageNotFoundError:
        return UNKNOWN


def read_anew() -> None:
    """Forget the rules that this process has read, so that a new database is seen."""
    zoneinfo.ZoneInfo.clear_cache()


def _version_in(folder: Path) -> str:
    try:
        with (folder / "tzdata.zi").open(encoding="utf-8") as opened:
            first = opened.readline()
    except (OSError, UnicodeDecodeError):
        return ""
    return first.removeprefix(_FIRST_LINE).strip()[:32] if first.startswith(_FIRST_LINE) else ""
