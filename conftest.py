"""One throw-away PostgreSQL server per test run, and a database on it per process.

Migrations run as the owner of the schema, tests as the product's own role, so row-level
security holds in every test as it does in life. With DATABASE_URL that server is used
instead; its login must be a superuser.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests import database
from tests.database import TestServer

pytest_plugins = (
    "tests.plugins.browser",
    "tests.plugins.bucket",
    "tests.plugins.web_server",
    "tests.plugins.practice",
)

_RUNNING = pytest.StashKey[ExitStack]()
_SERVER = pytest.StashKey[TestServer]()
_GIVEN = "loa_test_server"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server of a parallel run; a run of one process waits until a test needs it."""
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        stack = config.stash[_RUNNING] = ExitStack()
        config.stash[_SERVER] = stack.enter_context(database.server())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of a parallel run where the server is."""
    node.workerinput[_GIVEN] = node.config.stash[_SERVER].as_json()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw the server of a parallel run away."""
    if _RUNNING in config.stash:
        config.stash[_RUNNING].close()


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Iterator[TestServer]:
    """Return the PostgreSQL server of this run: addresses of superuser, owner and product."""
    given = getattr(request.config, "workerinput", {}).get(_GIVEN)
    if given:
        yield TestServer.from_json(given)
        return
    with database.server() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,  # noqa: ARG001 (ordered before us)
    django_db_blocker: DjangoDbBlocker,
    database_server: TestServer,
) -> Iterator[None]:
    """Make this process's database, and hand it to the tests as the product's role."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with (
        django_db_blocker.unblock(),
        database.database(database_server, name=f"test_{worker}_{os.getpid()}"),
    ):
        yield
