"""Everything a person reads is translated, and every translation is used."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import allauth
import django
import polib
import pytest

from loa.ops import translations
from tests.house_rules import messages, source
from tests.house_rules.messages import Message

LOCALE = source.ROOT / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z]\w*|%%")
# What libraries say to people: the messages of these modules must be translated too.
LIBRARIES = {
    "allauth": (Path(allauth.__file__).parent, ("account", "mfa", "usersessions", "core")),
    "django": (
        Path(django.__file__).parent,
        ("core/validators.py", "forms", "contrib/auth/password_validation.py"),
    ),
}
# What no page of ours shows: the library's administration, and ways in that are closed here.
NOT_SHOWN = {"admin.py", "apps.py", "models.py"}
NOT_OURS = re.compile(r"phone|username|sign up|social|\(optional\)", re.IGNORECASE)


def entries(language: str) -> dict[str, list[polib.POEntry]]:
    return {path.name: list(polib.pofile(str(path))) for path in (LOCALE / language).glob("*.po")}


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural)


def words_of(entry: polib.POEntry) -> tuple[str, ...]:
    return tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)


@cache
def of_library(name: str) -> dict[Message, str]:
    root, parts = LIBRARIES[name]
    found: dict[Message, str] = {}
    for part in parts:
        folder = root / part
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*.py")):
            if path.name in NOT_SHOWN and name == "allauth":
                continue
            module = ast.parse(path.read_text())
            for node in ast.walk(module):
                if isinstance(node, ast.Call) and source.dotted(node.func) in messages.MARKERS:
                    marker = source.dotted(node.func)
                    literal = [
                        one.value
                        for one in node.args
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    ]
                    if message := messages.message_of(marker, literal):
                        found[message] = f"{name}: {path.relative_to(root)}"
    return found


@cache
def of_django_in_vietnamese() -> frozenset[str]:
    root = Path(django.__file__).parent
    return frozenset(
        entry.msgid
        for path in root.rglob("locale/vi/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path)).translated_entries()
    )


@pytest.mark.parametrize("language", translations.languages())
def test_every_message_of_the_product_is_translated(language: str) -> None:
    translated = {
        key(entry)
        for found in entries(language).values()
        for entry in found
        if all(word.strip() for word in words_of(entry)) and not entry.fuzzy
    }

    missing = {
        message: place
        for message, place in messages.in_product().items()
        if message not in translated
    }

    assert not missing, "\n".join(
        f"{place}: {message.words!r}"
        for message, place in sorted(missing.items(), key=lambda item: item[1])
    )


def test_what_the_libraries_say_is_translated() -> None:
    translated = {entry.msgid for found in entries("vi").values() for entry in found}
    translated |= of_django_in_vietnamese()

    missing = sorted(
        f"{place}: {message.words!r}"
        for name in LIBRARIES
        for message, place in of_library(name).items()
        if message.words not in translated and not NOT_OURS.search(message.words)
    )

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", translations.languages())
def test_a_translation_keeps_every_placeholder(language: str) -> None:
    wrong = [
        f"{name}: {entry.msgid!r} becomes {words!r}"
        for name, found in entries(language).items()
        for entry in found
        for words in words_of(entry)
        if Counter(PLACEHOLDER.findall(words))
        not in (
            Counter(PLACEHOLDER.findall(entry.msgid)),
            Counter(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)),
        )
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", translations.languages())
def test_no_translation_outlives_its_message(language: str) -> None:
    used = set(messages.in_product())
    for name in LIBRARIES:
        used |= set(of_library(name))

    unused = [
        f"{name}: {entry.msgid!r}"
        for name, found in entries(language).items()
        for entry in found
        if key(entry) not in used
    ]

    assert not unused, "\n".join(unused)


@pytest.mark.parametrize("language", translations.languages())
def test_two_files_never_translate_one_message_differently(language: str) -> None:
    assert len(translations.merged(language)) > 0


def test_a_message_is_a_whole_literal_sentence() -> None:
    """A composed message is found by no tool and translated by nobody."""
    wrong = [
        source.at(path, call)
        for path in source.product_modules()
        for call, name in source.calls(path)
        for marker in [messages.markers_of(path).get(name.rpartition(".")[2], "")]
        for argument in call.args[: messages.WORDS_OF.get(marker, 0)]
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
    ]

    assert not wrong, "\n".join(wrong)
