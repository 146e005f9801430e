"""Files and functions stay small enough to be read in one go.

What grows past a limit is split by subject. Migrations are written once, mostly by Django.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.house_rules import source

MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES, ISLAND_LINES = 400, 60, 150, 200
MEDIAN_MODULE, MEDIAN_FUNCTION, MEDIAN_TEMPLATE, MEDIAN_ISLAND = 85, 8, 30, 60

type Size = tuple[int, str]


def lines_of(paths: Iterable[Path]) -> list[Size]:
    return [(len(path.read_text().splitlines()), source.named(path)) for path in paths]


def modules() -> list[Path]:
    return [
        path
        for path in source.files(".py", "loa", "practice_network", "tests")
        if not source.is_migration(path)
    ]


def functions() -> Iterator[Size]:
    for path in modules():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield length, f"{source.at(path, node)} {node.name}"


def too_long(sizes: Iterable[Size], limit: int) -> str:
    return "\n".join(f"{lines} lines: {name}" for lines, name in sorted(sizes) if lines > limit)


def test_no_module_is_longer_than_its_budget() -> None:
    assert not (found := too_long(lines_of(modules()), MODULE_LINES)), found


def test_no_function_is_longer_than_its_budget() -> None:
    assert not (found := too_long(functions(), FUNCTION_LINES)), found


def test_no_template_is_longer_than_its_budget() -> None:
    templates = source.files(".html", "loa", "practice_network")

    assert not (found := too_long(lines_of(templates), TEMPLATE_LINES)), found


def test_no_island_is_longer_than_its_budget() -> None:
    islands = [path for path in source.files(".ts", "frontend") if "islands" in path.parts]

    assert not (found := too_long(lines_of(islands), ISLAND_LINES)), found


@pytest.mark.parametrize(
    ("sizes", "limit"),
    [
        (lines_of(modules()), MEDIAN_MODULE),
        (list(functions()), MEDIAN_FUNCTION),
        (lines_of(source.files(".html", "loa")), MEDIAN_TEMPLATE),
        (
            lines_of(path for path in source.files(".ts", "frontend") if "islands" in path.parts),
            MEDIAN_ISLAND,
        ),
    ],
    ids=["module", "function", "template", "island"],
)
def test_the_usual_size_is_small(sizes: list[Size], limit: int) -> None:
    assert median(lines for lines, _name in sizes) <= limit
