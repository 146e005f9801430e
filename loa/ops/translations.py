"""Make the catalogue of each language that Django reads, from the files that people write.

A language has one .po file per app or subject (locale/vi/plan.po, …), so that changes rarely
meet in one file. They are merged into locale/vi/LC_MESSAGES/django.mo.
"""

import os
from pathlib import Path

import polib

from loa.kernel.errors import LoaError

FOLDER = Path(__file__).resolve().parents[2] / "locale"
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class TranslatedTwice(LoaError):
    """Two files translate one message differently."""


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the languages that have translations."""
    return tuple(sorted(path.name for path in folder.iterdir() if any(path.glob("*.po"))))


def is_stale(language: str, folder: Path = FOLDER) -> bool:
    """Say whether a file of the language is newer than its catalogue."""
    made = catalogue(language, folder)
    if not made.exists():
        return True
    newest = max(path.stat().st_mtime_ns for path in (folder / language).glob("*.po"))
    return newest > made.stat().st_mtime_ns


def catalogue(language: str, folder: Path = FOLDER) -> Path:
    """Return where Django looks for the language's catalogue."""
    return folder / language / "LC_MESSAGES" / "django.mo"


def merged(language: str, folder: Path = FOLDER, *, strict: bool = True) -> polib.POFile:
    """Return every translation of the language.

    When two files disagree: TranslatedTwice, or the first one's words unless `strict`.
    """
    whole = polib.POFile()
    whole.metadata = {"Language": language, **HEADER}
    found: dict[tuple[str | None, str], polib.POEntry] = {}
    for path in sorted((folder / language).glob("*.po")):
        for entry in polib.pofile(str(path)):
            key = (entry.msgctxt, entry.msgid)
            if key not in found:
                found[key] = entry
                whole.append(entry)
            elif strict and _words(found[key]) != _words(entry):
                raise TranslatedTwice(
                    f"{path.name} translates {entry.msgid!r} differently from another file:"
                    f" {_words(entry)!r} and {_words(found[key])!r}."
                )
    return whole


def compile_stale(folder: Path = FOLDER) -> tuple[str, ...]:
    """Make the catalogues that are out of date, each whole or not at all; return which.

    Files that disagree do not stop it: a house rule does, before they get this far.
    """
    stale = tuple(language for language in languages(folder) if is_stale(language, folder))
    for language in stale:
        made = catalogue(language, folder)
        made.parent.mkdir(exist_ok=True)
        draft = made.with_name(f".{os.getpid()}.mo")
        merged(language, folder, strict=False).save_as_mofile(str(draft))
        draft.replace(made)
    return stale


def _words(entry: polib.POEntry) -> tuple[str, ...]:
    return (entry.msgstr, *entry.msgstr_plural.values())
