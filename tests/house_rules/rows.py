"""What a workspace's tables hold, so a test can say that nothing changed."""

from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from loa.ops import fence
from loa.workspace.models import AuditEntry, Workspace


def fenced_models() -> list[type[models.Model]]:
    """Return every model with a foreign key to the workspace."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if any(
            field.is_relation and field.related_model is Workspace and field.name == "workspace"
            for field in model._meta.concrete_fields
        )
    ]


def of(workspace: Workspace) -> dict[str, tuple[int, str]]:
    """Return, for each table, how many rows the workspace has and a hash of them all.

    The audit trail is left out: refusals are written there.
    """
    found: dict[str, tuple[int, str]] = {}
    with fence.inside(workspace.pk), connection.cursor() as cursor:
        models_here: list[type[models.Model]] = [*fenced_models(), Workspace]
        for model in models_here:
            if model is AuditEntry:
                continue
            table = model._meta.db_table
            question = sql.SQL(
                "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM {} t"
            )
            cursor.execute(question.format(sql.Identifier(table)).as_string(None))
            count, mark = cursor.fetchone() or (0, "")
            found[table] = (count, mark or "")
    return found


def audited(workspace: Workspace, action: str) -> list[tuple[int | None, dict[str, Any]]]:
    """Return who did `action` and its detail, in order."""
    with fence.inside(workspace.pk):
        entries = AuditEntry.objects.in_workspace(workspace).filter(action=action)
        return list(entries.order_by("number").values_list("member_id", "detail"))
