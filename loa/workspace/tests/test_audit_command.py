"""`loa audit verify` finds what somebody with the database in their hands did to the trail."""

import io

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from loa.ops import fence
from loa.workspace.actions import record_audit
from loa.workspace.models import AuditEntry, Workspace
from tests import cast
from tests.database import TestServer

pytestmark = pytest.mark.django_db(transaction=True)


def verify(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit", "verify", *arguments, stdout=out)
    return out.getvalue()


def a_trail_of_four() -> Workspace:
    workspace = cast.a_workspace()
    for subject in ("post:1", "post:2", "post:3"):
        record_audit(workspace, member=None, action="post.deleted", subject=subject)
    return workspace


def as_superuser(server: TestServer, statement: str) -> None:
    """Do what only somebody with the whole database in their hands can do."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(server.superuser, dbname=name) as superuser:
        superuser.execute("SET session_replication_role = replica")  # triggers stand aside
        superuser.execute(sql.SQL(statement))


def test_a_whole_trail_is_reported_as_whole() -> None:
    a_trail_of_four()

    slug, count, _hash, word = verify().strip().split("\t")

    assert (slug, count, word) == ("riverside-bakery", "4", "whole")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE workspace_auditentry SET subject = 'post:9' WHERE number = 3",
            "changed at entry 3",
        ),
        ("DELETE FROM workspace_auditentry WHERE number = 2", "missing at entry 2"),
        (
            "UPDATE workspace_auditentry SET hash = repeat('a', 64) WHERE number = 4",
            "changed at entry 4",
        ),
    ],
)
def test_tampering_is_found_and_named(
    database_server: TestServer, statement: str, found: str
) -> None:
    a_trail_of_four()
    as_superuser(database_server, statement)
    out = io.StringIO()

    with pytest.raises(CommandError, match="tampered"):
        call_command("audit", "verify", stdout=out)

    assert found in out.getvalue()


def test_a_trail_cut_off_at_its_end_is_found_by_an_entry_kept_elsewhere(
    database_server: TestServer,
) -> None:
    workspace = a_trail_of_four()
    with fence.inside(workspace.pk):
        last = AuditEntry.objects.in_workspace(workspace).get(number=4)
    expectation = f"--expect={workspace.slug}=4:{last.hash}"
    assert "whole" in verify(expectation)

    as_superuser(database_server, "DELETE FROM workspace_auditentry WHERE number = 4")

    assert "whole" in verify()
    with pytest.raises(CommandError, match="tampered"):
        verify(expectation)


def test_a_wrong_workspace_or_expectation_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="no workspace called nowhere"):
        verify("--workspace=nowhere")
    with pytest.raises(CommandError, match="SLUG=NUMBER:HASH"):
        verify("--expect=bakery")
