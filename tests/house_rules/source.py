"""The code itself, as the house rules read it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file of the repository: those git knows, and new ones it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in set(paths) if path.is_file()))


def files(suffix: str, *folders: str) -> list[Path]:
    """Return the files below `folders` whose name ends in `suffix`."""
    return [
        path
        for path in tracked()
        if path.name.endswith(suffix) and path.relative_to(ROOT).parts[0] in folders
    ]


def product_modules() -> list[Path]:
    """Return the modules of the product and of the practice network, without tests."""
    return [path for path in files(".py", "loa", "practice_network") if not is_test(path)]


def is_test(path: Path) -> bool:
    """Say whether a file belongs to the tests."""
    parts = path.relative_to(ROOT).parts
    return "tests" in parts or parts[-1] == "conftest.py"


def is_migration(path: Path) -> bool:
    """Say whether a file is a migration: written once, mostly by Django."""
    return "migrations" in path.parts


@cache
def tree(path: Path) -> ast.Module:
    """Return the module's syntax tree."""
    return ast.parse(path.read_text(), filename=str(path))


def named(path: Path) -> str:
    """Return the path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))


def at(path: Path, node: ast.stmt | ast.expr | ast.arg | ast.keyword) -> str:
    """Return where a node stands, for a failure."""
    return f"{named(path)}:{node.lineno}"


def words(identifier: str) -> list[str]:
    """Return the words of an identifier in lower case: "dueAt_ms" gives due, at, ms."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", identifier)
    return [word.lower() for word in re.split(r"[^A-Za-z0-9]+", spaced) if word]


def dotted(node: ast.expr) -> str:
    """Return the dotted name that an expression spells ("clock.now"), or ""."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            inner = dotted(node.value)
            return f"{inner}.{node.attr}" if inner else ""
        case _:
            return ""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call of a module with the dotted name of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def documentation(module: ast.Module) -> set[int]:
    """Return the ids of the nodes that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, owners)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
