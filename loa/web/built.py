"""What the front-end build made: hashed files by the name that templates use.

The build writes dist/manifest.json: for each entry its script and styles, and icons.svg. It is
read once, and again when the file changes while LOA_DEBUG is on.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

ICONS = Path(__file__).with_name("icons.json")
FIRST_FACES = ("vietnamese-400", "latin-400", "vietnamese-600", "latin-600")


class NotBuilt(LookupError):
    """The build has no such entry. The message says what to run."""


def manifest_path() -> Path:
    """Return where the build puts its manifest."""
    return Path(settings.STATICFILES_DIRS[0]) / "manifest.json"


def is_built() -> bool:
    """Say whether the front end was built."""
    return manifest_path().is_file()


def entry(name: str) -> dict[str, Any]:
    """Return the manifest's record of `entries/<name>`; NotBuilt when there is none."""
    built = _manifest()
    for kind in ("ts", "css"):
        if record := built.get(f"entries/{name}.{kind}"):
            return record
    raise NotBuilt(
        f"The front end has no entry {name!r}: add frontend/entries/{name}.ts, run `make assets`."
    )


def scripts_and_styles(name: str) -> tuple[list[str], list[str]]:
    """Return the addresses of an entry's scripts and of its styles, imported ones first."""
    scripts, styles = [], []
    for record in (*_imported(entry(name)), entry(name)):
        styles += [static(file) for file in record.get("css", [])]
        if record["file"].endswith(".css"):
            styles.append(static(record["file"]))
        elif record.get("isEntry"):
            scripts.append(static(record["file"]))
    return scripts, list(dict.fromkeys(styles))


def first_fonts(name: str) -> list[str]:
    """Return the addresses of the faces that nearly every line of text needs."""
    files = entry(name).get("assets", [])
    return [static(file) for file in files if any(f"-pro-{face}-" in file for face in FIRST_FACES)]


def sprite_url() -> str:
    """Return the address of the icon sprite; "" before the first build."""
    return file_url("icons.svg")


def file_url(name: str) -> str:
    """Return the address of a file that the build made; "" before the first build."""
    if settings.DEBUG:
        return _file_url(name)
    return _file_url_in(settings.STATICFILES_DIRS[0], name)


@lru_cache(maxsize=256)
def _file_url_in(_dist: Path, name: str) -> str:
    """Look an address up once: a page names the icon sprite a few hundred times."""
    return _file_url(name)


def _file_url(name: str) -> str:
    record = _manifest().get(name)
    return static(record["file"]) if record else ""


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Return the names that `{% icon %}` knows."""
    return frozenset(json.loads(ICONS.read_text()))


def _imported(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the chunks that `record` imports, deepest first."""
    found: list[dict[str, Any]] = []
    for key in record.get("imports", []):
        chunk = _manifest()[key]
        found += [*_imported(chunk), chunk]
    return found


def _manifest() -> dict[str, dict[str, Any]]:
    path = manifest_path()
    changed = path.stat().st_mtime_ns if settings.DEBUG and path.is_file() else 0
    return _read(path, changed)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    built: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return built
