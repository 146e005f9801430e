"""One thing, one word: the words that docs/reference/glossary.md forbids are in no name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import get_resolver

from tests.house_rules import source
from tests.house_rules.addresses import every_address

GLOSSARY = source.ROOT / "docs/reference/glossary.md"
# Text, comments and templates of TypeScript; what is left are names.
NOT_NAMES = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`", re.DOTALL
)


def forbidden() -> frozenset[str]:
    """Return the bold words of the glossary's last column, and their plurals."""
    rows = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    last_column = " ".join(row.rstrip("| ").rpartition("|")[2] for row in rows)
    words = {word.lower() for word in re.findall(r"\*\*(\w+)\*\*", last_column)}
    return frozenset(words | {f"{word}s" for word in words})


def names_given(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each name that a module gives to something; names of libraries are theirs."""
    for node in ast.walk(source.tree(path)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.alias(asname=str()):
                yield node.asname or "", node.lineno
            case _:
                continue


def wrong_words(name: str) -> set[str]:
    return set(source.words(name)) & forbidden()


def test_the_glossary_names_words_to_avoid() -> None:
    assert {"tenant", "provider", "signoff", "kpis"} <= forbidden()
    assert "company" not in forbidden()


def test_no_name_in_python_uses_a_forbidden_word() -> None:
    wrong = [
        f"{source.named(path)}:{line}: {name}"
        for path in source.files(".py", "loa", "practice_network")
        for name, line in names_given(path)
        if wrong_words(name)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_name_in_typescript_uses_a_forbidden_word() -> None:
    wrong = [
        f"{source.named(path)}: {name}"
        for path in source.files(".ts", "frontend")
        for name in set(re.findall(r"[A-Za-z_$][\w$]*", NOT_NAMES.sub(" ", path.read_text())))
        if wrong_words(name)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_file_or_folder_is_called_by_a_forbidden_word() -> None:
    wrong = [
        source.named(path)
        for path in source.tracked()
        if any(wrong_words(part) for part in path.relative_to(source.ROOT).parts)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_address_uses_a_forbidden_word() -> None:
    ours = [one for one in every_address(get_resolver()) if one.is_ours]

    wrong = [f"{one.route} ({one.name})" for one in ours if wrong_words(f"{one.route} {one.name}")]

    assert ours
    assert not wrong, "\n".join(wrong)
