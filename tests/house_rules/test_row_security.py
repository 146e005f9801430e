"""The database itself shows one workspace's rows at a time, whatever a query forgets."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models
from psycopg import sql

from loa.content.models import Post
from loa.ops import fence
from loa.workspace.models import Workspace
from tests import cast
from tests.house_rules import rows

# Tables of the product without a workspace, each with its reason. Libraries' tables have none.
SHARED = {
    "workspace_user": "a person signs in once and may be a member of several workspaces",
    "workspace_ownerlink": "there is no workspace yet when the first owner is made",
}
_FENCE = "current_setting('loa.workspace'::text, true)"
_ASKED_ONCE = f"( SELECT {_FENCE} AS current_setting)"
POLICY = "(({fence} = '*'::text) OR ({fence} = ({column})::text))"

pytestmark = pytest.mark.django_db


def ask(question: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize(
    "model",
    [one for one in apps.get_models(include_auto_created=True) if one.__module__[:4] == "loa."],
    ids=label,
)
def test_every_table_of_the_product_is_fenced_or_shared_for_a_reason(
    model: type[models.Model],
) -> None:
    table = model._meta.db_table
    if table in SHARED:
        return
    assert model is Workspace or model in rows.fenced_models(), f"{table} names no workspace"
    column = "id" if model is Workspace else "workspace_id"

    [security] = ask(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    policies = ask(
        "SELECT permissive, cmd, roles::text, qual, with_check FROM pg_policies"
        " WHERE tablename = %s",
        table,
    )

    assert security == (True, True)
    read = POLICY.format(fence=_ASKED_ONCE, column=column)
    written = POLICY.format(fence=_FENCE, column=column)
    assert policies == [("PERMISSIVE", "ALL", "{public}", read, written)]


def test_the_product_neither_owns_its_tables_nor_skips_their_security() -> None:
    [(is_super, bypasses)] = ask(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    owned = ask("SELECT tablename FROM pg_tables WHERE tableowner = current_user")

    assert (is_super, bypasses, owned) == (False, False, [])


def a_furnished_workspace() -> Workspace:
    workspace = cast.a_workspace()
    cast.a_post(workspace, channels=(cast.a_channel(workspace),), due_at=cast.A_MONDAY)
    return workspace


def filled_tables(workspace: Workspace) -> list[str]:
    return [table for table, (count, _mark) in rows.of(workspace).items() if count]


def test_without_a_fence_no_row_is_visible() -> None:
    workspace = a_furnished_workspace()
    tables = filled_tables(workspace)

    assert {"channels_grant", "content_post", "workspace_member"} <= set(tables)
    for table in tables:
        question = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        assert ask(question.as_string(None)) == [(0,)], table


def test_inside_anothers_fence_no_row_is_visible_or_changes() -> None:
    workspace = a_furnished_workspace()
    elsewhere = cast.omar().workspace
    before = rows.of(workspace)

    for table in filled_tables(workspace):
        name = sql.Identifier(table)
        with fence.inside(elsewhere.pk), connection.cursor() as cursor:
            column = "id" if table == "workspace_workspace" else "workspace_id"
            mine = sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(workspace.pk))
            for statement in ("UPDATE {} SET id = id WHERE {}", "DELETE FROM {} WHERE {}"):
                cursor.execute(sql.SQL(statement).format(name, mine).as_string(None))
                assert cursor.rowcount == 0, statement

    assert rows.of(workspace) == before


def test_inside_anothers_fence_no_row_can_be_planted() -> None:
    workspace = a_furnished_workspace()
    elsewhere = cast.omar().workspace

    with pytest.raises(DatabaseError, match="row-level security"), fence.inside(elsewhere.pk):
        Post.objects.create(
            workspace=workspace,
            written_by_id=cast.the_owner(elsewhere).pk,
            created_at=cast.A_MONDAY,
            changed_at=cast.A_MONDAY,
        )


def test_a_row_cannot_be_moved_to_another_workspace() -> None:
    workspace = a_furnished_workspace()
    elsewhere = cast.omar().workspace

    with pytest.raises(DatabaseError, match="row-level security"), fence.inside(workspace.pk):
        Post.objects.in_workspace(workspace).update(workspace=elsewhere)


def test_the_fence_ends_with_its_block_also_when_it_fails() -> None:
    workspace = a_furnished_workspace()

    def fail() -> None:
        with fence.inside(workspace.pk):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert fence.current() == ""


def test_no_index_is_kept_that_the_fence_keeps_from_being_used() -> None:
    """Behind the fence only operators that leak nothing use one; LIKE and looking into JSON may."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexname FROM pg_indexes i JOIN pg_class c ON c.relname = i.tablename"
            " WHERE c.relrowsecurity AND i.indexdef ~ 'USING (gin|gist)'"
        )
        assert [name for (name,) in cursor.fetchall()] == []
