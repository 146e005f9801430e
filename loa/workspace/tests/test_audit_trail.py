"""The audit trail cannot be changed, shortened or forged unnoticed, and keeps no secret."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from loa.ops import clock, fence
from loa.workspace.actions import record_audit
from loa.workspace.actions.keys import audit_key
from loa.workspace.models import AuditEntry, Workspace
from loa.workspace.queries import audit_chain_of
from loa.workspace.rules import audit_chain
from loa.workspace.rules.audit_chain import Damage, Entry, first_damage, fit_to_keep, seal
from tests import cast

KEY = b"k" * 32
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chain(*actions: str) -> list[tuple[Entry, str]]:
    made: list[tuple[Entry, str]] = []
    previous = audit_chain.FIRST_HASH
    for number, action in enumerate(actions, start=1):
        entry = Entry(7, number, NOON, 3, action, "post:1", {"n": number}, previous)
        previous = seal(entry, key=KEY)
        made.append((entry, previous))
    return made


def test_an_untouched_chain_is_whole() -> None:
    assert first_damage(chain("a", "b", "c"), key=KEY) is None


def test_a_changed_entry_is_found() -> None:
    entries = chain("a", "b", "c")
    entry, kept = entries[1]
    forged = Entry(7, 2, NOON, 9, entry.action, entry.subject, entry.detail, entry.previous_hash)

    assert first_damage([entries[0], (forged, kept), entries[2]], key=KEY) == (2, Damage.CHANGED)


def test_a_removed_entry_is_found() -> None:
    entries = chain("a", "b", "c")

    assert first_damage([entries[0], entries[2]], key=KEY) == (2, Damage.MISSING)


def test_a_chain_rebuilt_without_the_key_is_found() -> None:
    entry = Entry(7, 1, NOON, 3, "a", "", {}, audit_chain.FIRST_HASH)

    assert first_damage([(entry, seal(entry, key=b"x" * 32))], key=KEY) == (1, Damage.CHANGED)


@pytest.mark.parametrize("name", ["token", "access_token", "Password", "client_secret", "Cookie"])
def test_a_detail_that_sounds_secret_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="sounds like a secret"):
        fit_to_keep({"channel": {name: "x"}})


def test_a_long_detail_is_cut() -> None:
    kept = fit_to_keep({"reason": "x" * 1000})

    assert len(str(kept["reason"])) == audit_chain.LONGEST_VALUE


@pytest.mark.django_db
def test_entries_are_numbered_and_chained_per_workspace() -> None:
    bakery, cafe = cast.a_workspace(), cast.a_workspace("Elsewhere Coffee")
    ana = cast.ana(bakery)

    with clock.at(NOON):
        record_audit(bakery, member=ana, action="post.written", subject="post:1")
        record_audit(cafe, member=None, action="channel.lost", detail={"code": "grant.withdrawn"})
        record_audit(bakery, member=ana, action="post.deleted", subject="post:1")

    with fence.inside(bakery.pk):
        rows = list(
            AuditEntry.objects.in_workspace(bakery)
            .order_by("number")
            .values_list("number", "action")
        )
        damage = first_damage(audit_chain_of(bakery), key=audit_key(bakery))
    assert rows == [(1, "workspace.created"), (2, "post.written"), (3, "post.deleted")]
    assert damage is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE workspace_auditentry SET action = 'nothing'", "DELETE FROM workspace_auditentry"],
)
def test_the_product_cannot_rewrite_the_trail(statement: str) -> None:
    workspace = cast.a_workspace()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        fence.inside(workspace.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_what_is_undone_leaves_no_entry() -> None:
    workspace = cast.a_workspace()

    def fail_halfway() -> None:
        with transaction.atomic():
            record_audit(workspace, member=None, action="post.written")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()

    with fence.inside(workspace.pk):
        assert AuditEntry.objects.in_workspace(workspace).count() == 1


@pytest.mark.django_db(transaction=True)
def test_entries_written_at_the_same_time_still_form_one_chain() -> None:
    workspace = cast.a_workspace()

    def write() -> None:
        for _ in range(10):
            record_audit(workspace, member=None, action="post.written")
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with fence.inside(workspace.pk):
        fresh = Workspace.objects.get(pk=workspace.pk)
        assert AuditEntry.objects.in_workspace(workspace).count() == 41
        assert first_damage(audit_chain_of(fresh), key=audit_key(fresh)) is None
