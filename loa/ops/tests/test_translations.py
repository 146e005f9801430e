"""Many files of one language become the one that Django reads."""

import gettext
import os
from pathlib import Path

import pytest

from loa.ops import translations
from loa.ops.translations import TranslatedTwice

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(folder: Path, name: str, **words: str) -> None:
    (folder / "vi").mkdir(exist_ok=True)
    entries = "".join(f'msgid "{said}"\nmsgstr "{words[said]}"\n\n' for said in words)
    (folder / "vi" / name).write_text(HEAD + entries, encoding="utf-8")


def read(folder: Path, said: str) -> str:
    with translations.catalogue("vi", folder).open("rb") as file:
        return gettext.GNUTranslations(file).gettext(said)


def test_the_files_of_a_language_are_read_as_one(tmp_path: Path) -> None:
    write(tmp_path, "plan.po", Calendar="Lịch")
    write(tmp_path, "team.po", Team="Nhóm", Calendar="Lịch")

    made = translations.compile_stale(tmp_path)

    assert made == ("vi",)
    assert (read(tmp_path, "Calendar"), read(tmp_path, "Team")) == ("Lịch", "Nhóm")


def test_only_what_changed_is_made_again(tmp_path: Path) -> None:
    write(tmp_path, "plan.po", Calendar="Lịch")
    translations.compile_stale(tmp_path)
    assert translations.compile_stale(tmp_path) == ()

    made = translations.catalogue("vi", tmp_path).stat().st_mtime
    write(tmp_path, "plan.po", Calendar="Lịch đăng")
    os.utime(tmp_path / "vi" / "plan.po", (made + 5, made + 5))

    assert translations.compile_stale(tmp_path) == ("vi",)
    assert read(tmp_path, "Calendar") == "Lịch đăng"


def test_two_files_that_disagree_are_named(tmp_path: Path) -> None:
    write(tmp_path, "plan.po", Calendar="Lịch")
    write(tmp_path, "team.po", Calendar="Lịch đăng")

    with pytest.raises(TranslatedTwice, match=r"team\.po translates 'Calendar' differently"):
        translations.merged("vi", tmp_path)
