"""Checks of the database: who we are in it, what it lets us see, whether it is up to date."""

from collections.abc import Iterator

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from loa.ops import clock
from loa.site.doctor.outcome import Outcome, look, ok, wrong

OLDEST = 150000  # the first release in which others may not create in the schema "public"
EXTENSIONS = {"unaccent", "pg_trgm", "btree_gist"}
LARGEST_CLOCK_GAP_S = 2.0


def check() -> Iterator[Outcome]:
    """Yield what the database says; stop after the first when it does not answer."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        yield wrong(f"The database does not answer: {reason}. Check DATABASE_URL.")
        return
    yield _version()
    yield _extensions()
    yield _role()
    yield _fences()
    yield _schema()
    yield _clock()


def _version() -> Outcome:
    number, version, encoding = _row(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
        " current_setting('server_encoding')"
    )
    if encoding != "UTF8":
        return wrong(f"The database stores {encoding}, not UTF8. Make a new one with UTF8.")
    if int(str(number)) < OLDEST:
        return wrong(f"PostgreSQL {version} is too old. Loa needs 15 or later.")
    return ok(f"The database answers (PostgreSQL {version}).")


def _extensions() -> Outcome:
    (found,) = _row("SELECT array_agg(extname::text) FROM pg_extension")
    missing = EXTENSIONS - set(found if isinstance(found, list) else [])
    if missing:
        names = ", ".join(sorted(missing))
        return wrong(f"The database lacks {names}. As superuser: CREATE EXTENSION {names};")
    return ok("The extensions are there.")


def _role() -> Outcome:
    name, superuser, bypass, owns = _row(
        "SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_tables WHERE"
        " schemaname = current_schema() AND tableowner = rolname)"
        " FROM pg_roles WHERE rolname = current_user"
    )
    if superuser or bypass:
        return wrong(
            f"Loa signs in to the database as {name}, whom row-level security does not bind. Give "
            "DATABASE_URL an ordinary role, and DATABASE_OWNER_URL the one that owns the schema."
        )
    if owns:
        return look(
            f"Loa signs in to the database as {name}, who owns its tables. Row-level security "
            "holds, but a role of its own could not even switch it off."
        )
    return ok(f"Loa signs in to the database as {name}, which owns nothing there.")


def _fences() -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relkind = 'r' AND attname = 'workspace_id' AND NOT attisdropped"
            " AND relnamespace = current_schema()::regnamespace"
            " AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1"
        )
        open_tables = [row[0] for row in cursor.fetchall()]
    if open_tables:
        return wrong(
            "Row-level security is off for " + ", ".join(open_tables) + ". Run `loa migrate`; if "
            "that changes nothing, the database was altered by hand."
        )
    return ok("Row-level security is on and forced for every table of a workspace.")


def _schema() -> Outcome:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return wrong(f"{len(waiting)} migrations wait. Run `loa migrate`.")
    return ok("The schema is up to date.")


def _clock() -> Outcome:
    (there_s,) = _row(clock.ASK_DATABASE)
    gap_s = abs(clock.now().timestamp() - float(str(there_s)))
    if gap_s > LARGEST_CLOCK_GAP_S:
        return wrong(
            f"The clocks of this machine and of the database differ by {gap_s:.0f} s, so posts "
            "would go out at the wrong time. Set both by NTP."
        )
    return ok("The clocks of this machine and of the database agree.")


def _row(query: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[object, ...] = cursor.fetchone()
        return row
