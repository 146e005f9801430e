"""Which workspace's rows this transaction may see: the second layer under every query.

PostgreSQL's row-level security compares each row's workspace with the setting
`loa.workspace` of the transaction. Unset, no workspace row is visible at all, so a
forgotten fence shows nothing instead of everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, migrations, transaction

EVERYWHERE = "*"
_confined_to: ContextVar[int | None] = ContextVar("loa_confined_to", default=None)


@contextmanager
def inside(workspace_id: int) -> Iterator[None]:
    """Open a transaction in which only this workspace's rows exist."""
    with _fenced(str(workspace_id)):
        yield


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """Open a transaction that sees all workspaces: dispatching, sweeping, backup.

    `reason` is for the reader; it must be a sentence part such as "claim due deliveries".
    """
    if not reason:
        raise ValueError("say why this work needs every workspace")
    with _fenced(_all_there_is()):
        yield


def open_everywhere(cursor: Any, reason: str) -> None:
    """Let the transaction that `cursor` works in see all workspaces, until it ends.

    For transactions that send many statements at once; elsewhere use `everywhere`.
    """
    if not reason:
        raise ValueError("say why this work needs every workspace")
    cursor.execute("SELECT set_config('loa.workspace', %s, true)", [_all_there_is()])


@contextmanager
def confined_to(workspace_id: int) -> Iterator[None]:
    """Let `everywhere` mean this workspace alone, in this thread, until the block ends.

    For work that lives in another time, such as the demo's: what it finds due then is no
    other workspace's business.
    """
    token = _confined_to.set(workspace_id)
    try:
        yield
    finally:
        _confined_to.reset(token)


def _all_there_is() -> str:
    alone = _confined_to.get()
    return EVERYWHERE if alone is None else str(alone)


def narrow_to(workspace_id: int) -> None:
    """Show only this workspace's rows for the rest of the block that `everywhere` opened."""
    if not connection.in_atomic_block:
        raise RuntimeError("there is no fence to narrow outside a transaction")
    _swap(str(workspace_id))


def current() -> str:
    """Return the fence in force: a workspace id, "*" for everywhere, "" for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('loa.workspace', true)")
        row = cursor.fetchone()
    return (row[0] if row else "") or ""


@contextmanager
def _fenced(value: str) -> Iterator[None]:
    # The setting is the transaction's own: its end restores it. Only a block inside another
    # transaction puts it back by hand; when such a block raises, its savepoint's rollback does.
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        before = _swap(value)
        yield
        if is_nested:
            _swap(before)


def _swap(value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('loa.workspace', true), set_config('loa.workspace', %s, true)",
            [value],
        )
        row = cursor.fetchone()
    return (row[0] if row else "") or ""


def guard(*tables: str, column: str = "workspace_id") -> migrations.RunSQL:
    """Return the migration step that puts `tables` behind the fence.

    column: the one that names the row's workspace. FORCE makes it hold for the tables' owner.
    """
    return migrations.RunSQL(
        sql=[_GUARD.format(table=table, column=column) for table in tables],
        reverse_sql=[_UNGUARD.format(table=table) for table in tables],
    )


# Reading asks for the setting in a subquery, which runs once a statement and not once a row.
# What is written is checked row by row: there the plain call is the cheaper one.
_GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY inside_the_fence ON {table}
    USING ((SELECT current_setting('loa.workspace', true)) IN ('*', {column}::text))
    WITH CHECK (current_setting('loa.workspace', true) IN ('*', {column}::text));
"""
_UNGUARD = """
DROP POLICY inside_the_fence ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
