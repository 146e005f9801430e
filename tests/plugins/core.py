"""`pytest --core`: only tests of decisions: no database, no browser, no process, no network.

A file belongs here when nothing in it asks for more. That is read from its text, so that the
other files, and the product's pages behind them, are not even imported.
"""

import re
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[2]
# Ground that is about processes and files rather than decisions, and the other program.
ELSEWHERE = ("loa/ops/", "loa/site/", "loa/web/", "practice_network/", "tests/")
INSIDE = ("tests/conformance/",)
ASKS_FOR_MORE = re.compile(
    r"django_db|transactional_db|live_server|database_server|\bvisit\b|Client\(|mark\.(browser|live"
    r"|faults)|\bfrom django\b|\bimport django\b|socket|subprocess|\bfrom tests\.cast\b|migrations"
    r"|transport|test_no_status_and_no_body|\bconftest\b|local_server"
    r"|\bloa(\.\w+)+(\.| import .*\b)"
    r"(models|actions|dispatcher|queries|views|forms|pages|wording)\b"
)
EXAMPLES = 12  # of each property here; `make test` tries them all


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer --core."""
    parser.addoption("--core", action="store_true", help="only tests of decisions, in seconds")


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples of each property."""
    if config.getoption("--core"):
        hypothesis.settings.register_profile("core", max_examples=EXAMPLES, database=None)
        hypothesis.settings.load_profile("core")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files that need more than a function and its arguments."""
    if not config.getoption("--core") or not collection_path.is_file():
        return None
    place = collection_path.relative_to(ROOT).as_posix()
    if place.startswith(ELSEWHERE) and not place.startswith(INSIDE):
        return True
    return ASKS_FOR_MORE.search(collection_path.read_text()) is not None or None
