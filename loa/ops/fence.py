"""Which workspace's rows this transaction may see: the second layer under every query.

PostgreSQL's row-level security compares each row's workspace with the setting
`loa.workspace` of the transaction. Unset, no workspace row is visible at all, so a
forgotten fence shows nothing instead of everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, migrations, transaction

EVERYWHERE = "*"


@contextmanager
def inside(workspace_id: int) -> Iterator[None]:
    """Open a transaction in which only this workspace's rows exist."""
    with transaction.atomic(), _setting(str(workspace_id)):
        yield


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """Open a transaction that sees all workspaces: dispatching, sweeping, backup.

    `reason` is for the reader; it must be a sentence part such as "claim due deliveries".
    """
    if not reason:
        raise ValueError("say why this work needs every workspace")
    with transaction.atomic(), _setting(EVERYWHERE):
        yield


def current() -> str:
    """Return the fence in force: a workspace id, "*" for everywhere, "" for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('loa.workspace', true)")
        row = cursor.fetchone()
    return (row[0] if row else "") or ""


@contextmanager
def _setting(value: str) -> Iterator[None]:
    # When the block raises, the rollback of the transaction (or savepoint) restores the setting.
    before = _swap(value)
    yield
    _swap(before)


def _swap(value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('loa.workspace', true), set_config('loa.workspace', %s, true)",
            [value],
        )
        row = cursor.fetchone()
    return (row[0] if row else "") or ""


def guard(*tables: str) -> migrations.RunSQL:
    """Return the migration step that puts `tables` (with a workspace_id column) behind the fence.

    FORCE makes it hold for the tables' owner too.
    """
    return migrations.RunSQL(
        sql=[_GUARD.format(table=table) for table in tables],
        reverse_sql=[_UNGUARD.format(table=table) for table in tables],
    )


_GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY inside_the_fence ON {table}
    USING (current_setting('loa.workspace', true) IN ('*', workspace_id::text))
    WITH CHECK (current_setting('loa.workspace', true) IN ('*', workspace_id::text));
"""
_UNGUARD = """
DROP POLICY inside_the_fence ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
