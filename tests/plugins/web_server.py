"""The product, served as it is served in life, on the test process's own database."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from granian.constants import Interfaces
from granian.server.embed import Server

STARTS_WITHIN_S = 20
ENDS_WITHIN_S, QUIET_LOOKS = 10, 3
_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


@pytest.fixture(scope="session")
def web_server(django_db_setup: None) -> Iterator[str]:  # noqa: ARG001 (the database comes first)
    """Serve the product as it is served in life, live news included, and give its address."""
    if not (settings.STATICFILES_DIRS[0] / "manifest.json").is_file():
        pytest.skip("the front end is not built: run `make assets`")
    from loa.site.asgi import Application  # noqa: PLC0415 (needs configured settings)

    # The server's threads end without notice: each gives its connection back after a request.
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    port = _free_port()
    server = Server(
        Application(),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(server, loop), daemon=True)
    thread.start()
    _wait_for(port)
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(server.stop)
    thread.join(STARTS_WITHIN_S)


@pytest.fixture
def site(web_server: str, transactional_db: None) -> Iterator[str]:  # noqa: ARG001 (rows must be committed)
    """Give the address of the running site; the test's rows are visible to it."""
    cache.clear()  # throttles of earlier tests
    yield web_server
    _let_requests_end()


def _serve(server: Server, loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(server.serve())
    loop.close()


def _let_requests_end() -> None:
    """Wait for what a closed browser left under way: clearing the tables would deadlock with it."""
    until, quiet = time.monotonic() + ENDS_WITHIN_S, 0
    while quiet < QUIET_LOOKS and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(_AT_WORK)
            row = cursor.fetchone()
        quiet = 0 if row and row[0] else quiet + 1
        time.sleep(0.03)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"the site did not answer on port {port} within {STARTS_WITHIN_S} s")
