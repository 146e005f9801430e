"""SQLite with group commit: many requests share one durable commit, and wait for it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

type Value = str | int | float | bytes | None
type Row = sqlite3.Row

_ADDED = (
    ("accounts", "kind", "TEXT NOT NULL DEFAULT 'words'"),
    ("accounts", "access_lives_ms", "INTEGER NOT NULL DEFAULT 0"),
    ("tokens", "session", "TEXT"),
    ("tokens", "expires_at", "INTEGER"),
)


class StorageFailed(Exception):
    """The disk did not take what was written; nothing of the batch was kept."""


class Store:
    """One connection, used by the event loop's thread alone.

    path: the database file; None keeps everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._database = _open(path)
        self._durable: asyncio.Future[None] | None = None

    def read(self, sql: str, *values: Value) -> list[Row]:
        """Return all rows of a query."""
        return self._database.execute(sql, values).fetchall()

    def read_one(self, sql: str, *values: Value) -> Row | None:
        """Return the first row of a query; None when there is none."""
        found: Row | None = self._database.execute(sql, values).fetchone()
        return found

    def write(self, sql: str, *values: Value) -> int:
        """Change something inside the batch that `settled` makes durable; return the row id."""
        if not self._database.in_transaction:
            self._database.execute("BEGIN")
        return self._database.execute(sql, values).lastrowid or 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all writes of the block, or none of them."""
        if not self._database.in_transaction:
            self._database.execute("BEGIN")
        self._database.execute("SAVEPOINT together")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK TO together")
            raise
        finally:
            self._database.execute("RELEASE together")

    async def settled(self) -> None:
        """Return when everything written or read so far would survive a crash.

        Every answer waits here, so nobody is told, or shown, what could still vanish.
        """
        if not self._database.in_transaction:
            return
        if self.path is None:
            self._database.execute("COMMIT")
            return
        if self._durable is None:
            loop = asyncio.get_running_loop()
            self._durable = loop.create_future()
            # One turn of the loop later: requests that are ready now join this commit.
            loop.call_soon(self._commit)
        await asyncio.shield(self._durable)  # one impatient client must not cancel the others

    def settle_now(self) -> None:
        """Commit at once; for start and stop, when nobody else is writing."""
        if self._database.in_transaction:
            self._database.execute("COMMIT")

    def close(self) -> None:
        """Commit and let go of the file."""
        self.settle_now()
        self._database.close()

    def _commit(self) -> None:
        waiting, self._durable = self._durable, None
        if waiting is None:
            return
        try:
            self._database.execute("COMMIT")
        except sqlite3.Error as problem:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            waiting.set_exception(StorageFailed(str(problem)))
        else:
            waiting.set_result(None)


def _open(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(path or ":memory:", isolation_level=None)
    database.row_factory = sqlite3.Row
    if path is not None:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
    database.executescript(files(__package__).joinpath("schema.sql").read_text("utf-8"))
    _bring_up_to_date(database)
    return database


def _bring_up_to_date(database: sqlite3.Connection) -> None:
    """Add what a file of an earlier release lacks."""
    for table, name, kind in _ADDED:
        columns = {row["name"] for row in database.execute(f"PRAGMA table_info({table})")}
        if name not in columns:
            database.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
