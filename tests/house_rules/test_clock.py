"""Only one module of the product, and one of the practice network, read the clock."""

import ast
import re
from pathlib import Path

import pytest

from tests.house_rules import source

# time.monotonic and time.perf_counter measure a span; they tell nobody what time it is.
CLOCKS = {"loa/ops/clock.py", "practice_network/clock.py"}
READS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "timezone.now",
    "timezone.localtime",
    "timezone.localdate",
    "time.time",
    "time.time_ns",
    "Now",
    "TransactionNow",
}
# With a value they only convert; without one they read the clock.
READS_WHEN_EMPTY = {"timezone.localtime", "timezone.localdate"}
SQL = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)"
    r"|\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bLOCALTIME(STAMP)?\b",
    re.IGNORECASE,
)
LOOKS_LIKE_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|DEFAULT|WHERE)\b")


# Where the database's own clock is the question: the doctor compares it with ours.
COMPARES_CLOCKS = "loa/site/doctor/"


def modules() -> list[Path]:
    return [path for path in source.product_modules() if source.named(path) not in CLOCKS]


def test_nothing_else_reads_the_clock() -> None:
    wrong = [
        f"{source.at(path, call)}: {name}"
        for path in modules()
        for call, name in source.calls(path)
        if name in READS and not (name in READS_WHEN_EMPTY and (call.args or call.keywords))
    ]

    assert not wrong, "\n".join(wrong)


def test_no_column_reads_the_clock_by_itself() -> None:
    wrong = [
        source.at(path, keyword)
        for path in modules()
        for call, _name in source.calls(path)
        for keyword in call.keywords
        if keyword.arg in {"auto_now", "auto_now_add"}
        or (keyword.arg in {"default", "db_default"} and source.dotted(keyword.value) in READS)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_statement_asks_the_database_for_the_time() -> None:
    wrong = [
        source.at(path, node)
        for path in modules()
        if not source.named(path).startswith(COMPARES_CLOCKS)
        for prose in [source.documentation(source.tree(path))]
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and LOOKS_LIKE_SQL.search(node.value)
        and SQL.search(node.value)
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("statement", ["SELECT now()", "UPDATE x SET at = CURRENT_TIMESTAMP"])
def test_the_rule_knows_the_time_when_it_sees_it(statement: str) -> None:
    assert LOOKS_LIKE_SQL.search(statement)
    assert SQL.search(statement)
