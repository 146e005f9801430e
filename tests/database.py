"""The tests' PostgreSQL server and databases."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from loa.ops import environment
from loa.ops.postgres import roles, software, throwaway

# Any number: processes of one run agree on it, so that one migrates and the others wait.
MIGRATING = 8788


@dataclass(frozen=True, slots=True)
class TestServer:
    """Addresses (postgresql://…) on one server: of its superuser, the schema's owner, the product.

    The owner's and the product's address name the template, from which databases are copied.
    """

    __test__ = False

    superuser: str
    owner: str
    app: str

    def as_json(self) -> str:
        """Return the addresses for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `as_json` wrote."""
        return cls(**json.loads(text))


@contextmanager
def server() -> Iterator[TestServer]:
    """Yield the server of DATABASE_URL with roles of our own, else one that is thrown away."""
    given = environment.secret("DATABASE_URL")
    if given:
        with _borrowed(given) as borrowed:
            yield borrowed
        return
    with throwaway.server() as running:
        yield TestServer(
            running.url("postgres", database="postgres"),
            running.url("loa_owner"),
            running.url("loa_app"),
        )


@contextmanager
def database(on: TestServer, *, name: str) -> Iterator[None]:
    """Make a migrated database and leave Django connected to it as the product's role."""
    template = urlsplit(on.owner).path.lstrip("/")
    with psycopg.connect(on.superuser, autocommit=True) as superuser:
        superuser.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        _migrate_once(on)
        _do(superuser, "CREATE DATABASE {} TEMPLATE {}", name, template)
        superuser.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
        _connect_django(on.owner, database=name)
        with connections["default"].cursor() as cursor:
            # Tests with real transactions empty the tables; the product itself never may.
            app = sql.Identifier(urlsplit(on.app).username or "")
            cursor.execute(
                sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}")
                .format(app)
                .as_string(None)
            )
        _connect_django(on.app, database=name)
        yield
        connections["default"].close()
        _do(superuser, "DROP DATABASE {} WITH (FORCE)", name)


def _migrate_once(on: TestServer) -> None:
    """Migrate the template as its owner, unless another process has."""
    with psycopg.connect(on.owner) as owner:
        found = owner.execute("SELECT to_regclass('django_migrations')").fetchone()
    if found == (None,):
        _connect_django(on.owner, database=urlsplit(on.owner).path.lstrip("/"))
        call_command("migrate", verbosity=0, interactive=False)
        connections["default"].close()


def _connect_django(url: str, *, database: str) -> None:
    """Point Django's default connection, in every thread, at `database`."""
    connections["default"].close()
    parts = urlsplit(url)
    host = parts.hostname or unquote(parts.query.partition("host=")[2].partition("&")[0])
    connections.settings["default"].update(
        NAME=database,
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=host,
        PORT=str(parts.port or 5432),
    )


@contextmanager
def _borrowed(given: str) -> Iterator[TestServer]:
    """Make a template and two roles on somebody's server, and take them away afterwards."""
    mark = secrets.token_hex(4)
    names = roles.Names(
        database=f"test_loa_{mark}", owner=f"test_owner_{mark}", app=f"test_app_{mark}"
    )
    passwords = {names.owner: secrets.token_urlsafe(24), names.app: secrets.token_urlsafe(24)}
    roles.run_script(
        given,
        names=names,
        owner_password=passwords[names.owner],
        app_password=passwords[names.app],
        installation=software.installed(),
    )
    parts = urlsplit(given)
    address = parts.netloc.rpartition("@")[2]

    def url(role: str) -> str:
        login = f"{role}:{passwords[role]}@{address}"
        return parts._replace(netloc=login, path=f"/{names.database}").geturl()

    try:
        yield TestServer(given, url(names.owner), url(names.app))
    finally:
        with psycopg.connect(given, autocommit=True) as superuser:
            _do(superuser, "DROP DATABASE {} WITH (FORCE)", names.database)
            _do(superuser, "DROP ROLE {}", names.app)
            _do(superuser, "DROP ROLE {}", names.owner)


def _do(connection: psycopg.Connection[Any], command: str, *names: str) -> None:
    """Run a command whose `{}` are names."""
    connection.execute(sql.SQL(command).format(*(sql.Identifier(name) for name in names)))
