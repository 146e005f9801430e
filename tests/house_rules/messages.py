"""Every message that is marked for translation, found without running anything."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from tests.house_rules import source

# Functions whose leading arguments are words for people, and how many are.
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
MARKERS = SINGLE | PLURAL | CONTEXT | CONTEXT_PLURAL
WORDS_OF = {
    **dict.fromkeys(SINGLE, 1),
    **dict.fromkeys(PLURAL | CONTEXT, 2),
    **dict.fromkeys(CONTEXT_PLURAL, 3),
}

_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(
    rf"\b(?P<name>_|n?p?gettext|n?p?gettext_lazy)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. context: told apart from equal words elsewhere. plural: "" for none."""

    context: str | None
    words: str
    plural: str = ""


def in_python(path: Path) -> Iterator[tuple[Message, str]]:
    """Yield each message of a module and where it stands."""
    known = markers_of(path)
    for call, name in source.calls(path):
        marker = known.get(name.rpartition(".")[2])
        if marker is None:
            continue
        literal = [
            argument.value
            for argument in call.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if message := message_of(marker, literal):
            yield message, source.at(path, call)


def markers_of(path: Path) -> dict[str, str]:
    """Return what a module calls the marking functions, each with its real name."""
    renamed = {
        name.asname: name.name
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in MARKERS
    }
    return {name: name for name in MARKERS} | renamed


def in_template(path: Path) -> Iterator[tuple[Message, str]]:
    """Yield each message of a template; Django itself turns the tags into calls."""
    spelled = templatize(path.read_text(), origin=str(path))
    for found in _CALL.finditer(spelled):
        literal = [ast.literal_eval(text) for text in found.groups()[1:] if text]
        if message := message_of(found["name"], literal):
            yield message, source.named(path)


def in_product() -> dict[Message, str]:
    """Return every message of the product with one place where it stands."""
    found: dict[Message, str] = {}
    for path in [*source.files(".py", "loa"), *source.files(".py", "practice_network")]:
        if not source.is_test(path):
            found |= dict(in_python(path))
    for path in [*source.files(".html", "loa"), *source.files(".txt", "loa")]:
        if "templates" in path.parts:
            found |= dict(in_template(path))
    return found


def message_of(marker: str, literal: list[str]) -> Message | None:
    """Return the message that a call of `marker` with these literal words marks."""
    match literal:
        case [words, plural, *_] if marker in PLURAL:
            return Message(None, words, plural)
        case [context, words, plural, *_] if marker in CONTEXT_PLURAL:
            return Message(context, words, plural)
        case [context, words, *_] if marker in CONTEXT:
            return Message(context, words)
        case [words, *_] if marker in SINGLE:
            return Message(None, words)
        case _:
            return None
