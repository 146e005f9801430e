"""Keys change while everything runs, and a stopped change goes on where it was."""

import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from loa.channels.models import Grant
from loa.ops import fence, sealing
from loa.ops.sealing import CannotOpen
from loa.workspace.actions import data_key, keys, open_for, rotation, seal_for
from loa.workspace.models import Workspace
from tests import cast


def opened(workspace: Workspace) -> set[str]:
    """Open every grant of a workspace with its present keys."""
    with fence.inside(workspace.pk):
        fresh = Workspace.objects.get(pk=workspace.pk)
        return {
            open_for(fresh, grant.sealed_secret, table="channels_grant", row=grant.pk)[
                "access_token"
            ]
            for grant in Grant.objects.in_workspace(fresh)
        }


def a_bakery_with_grants(count: int) -> Workspace:
    workspace = cast.a_workspace()
    for number in range(count):
        cast.a_channel(workspace, secret={"access_token": f"canary-{number}"})
    return workspace


@pytest.mark.django_db
def test_every_column_that_holds_secrets_is_found() -> None:
    tables = {column.table for column in rotation.sealed_columns()}

    assert {"channels_grant", "channels_registration"} <= tables


@pytest.mark.django_db
def test_a_new_data_key_seals_every_grant_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    workspace = a_bakery_with_grants(5)
    old = data_key(workspace)

    count = rotation.rotate_data_key(workspace)

    workspace = cast.read_again(workspace)
    assert count == 5
    assert data_key(workspace) != old
    assert len(workspace.data_key.split()) == 1
    assert opened(workspace) == {f"canary-{number}" for number in range(5)}


@pytest.mark.django_db
def test_a_stopped_rotation_goes_on_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    workspace = a_bakery_with_grants(5)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate_data_key(workspace, progress=stop)
    halfway = data_key(cast.read_again(workspace))
    assert opened(workspace) == {f"canary-{number}" for number in range(5)}

    count = rotation.rotate_data_key(workspace)

    assert count == 3
    assert data_key(cast.read_again(workspace)) == halfway


@pytest.mark.django_db
def test_whoever_read_the_workspace_before_a_rotation_still_opens_grants() -> None:
    workspace = a_bakery_with_grants(1)
    stale = cast.read_again(workspace)
    rotation.rotate_data_key(workspace)

    with fence.inside(workspace.pk):
        grant = Grant.objects.in_workspace(stale).get()
        secret = open_for(stale, grant.sealed_secret, table="channels_grant", row=grant.pk)

    assert secret == {"access_token": "canary-0"}


@pytest.mark.django_db(transaction=True)
def test_secrets_sealed_during_a_rotation_open_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    workspace = a_bakery_with_grants(30)
    stop = threading.Event()
    renewed = 0

    def renew() -> None:
        nonlocal renewed
        stale = cast.read_again(workspace)
        while not stop.is_set():
            with fence.inside(workspace.pk):
                grant = (
                    Grant.objects.in_workspace(stale)
                    .select_for_update(of=("self",))
                    .order_by("generation", "pk")[0]
                )
                secret = open_for(stale, grant.sealed_secret, table="channels_grant", row=grant.pk)
                grant.sealed_secret = seal_for(stale, secret, table="channels_grant", row=grant.pk)
                grant.generation += 1
                grant.save()
                renewed += 1
        connection.close()

    renewer = threading.Thread(target=renew)
    renewer.start()
    for _ in range(3):
        rotation.rotate_data_key(workspace)
    stop.set()
    renewer.join()

    assert renewed
    assert opened(workspace) == {f"canary-{number}" for number in range(30)}


@pytest.mark.django_db
def test_a_new_master_key_wraps_every_key_and_the_old_one_can_go(settings: Any) -> None:
    workspace = a_bakery_with_grants(1)
    data, old = data_key(workspace), settings.MASTER_KEYS

    settings.MASTER_KEYS = f"new-master {old}"
    call_command("rotate_keys", stdout=cast.silence(), stderr=cast.silence())
    settings.MASTER_KEYS = "new-master"

    workspace = cast.read_again(workspace)
    assert data_key(workspace) == data
    assert opened(workspace) == {"canary-0"}
    call_command("audit", "verify", stdout=cast.silence())


@pytest.mark.django_db
def test_without_the_old_master_key_rotation_says_what_is_missing(settings: Any) -> None:
    cast.a_workspace()
    settings.MASTER_KEYS = "another"

    with pytest.raises(CommandError, match="Put the master key"):
        call_command("rotate_keys", stdout=cast.silence(), stderr=cast.silence())


@pytest.mark.django_db
def test_a_data_key_does_not_open_as_an_audit_key() -> None:
    workspace = cast.a_workspace()

    with pytest.raises(CannotOpen):
        sealing.unwrap(
            workspace.data_key,
            masters=keys.masters(),
            workspace_id=workspace.pk,
            purpose="audit key",
        )


@pytest.mark.django_db
def test_a_master_key_is_added_in_front_and_dropped_only_when_unused(settings: Any) -> None:
    cast.a_workspace()
    old = settings.MASTER_KEYS

    call_command("rotate_keys", "--add-master-key", stderr=cast.silence())
    settings.MASTER_KEYS = settings.HOME.kept_secret("master-keys")

    assert settings.MASTER_KEYS.split()[1:] == [old]
    with pytest.raises(CommandError, match="1 keys still need"):
        call_command("rotate_keys", "--drop-old-master-keys", stderr=cast.silence())

    call_command("rotate_keys", stdout=cast.silence(), stderr=cast.silence())
    call_command("rotate_keys", "--drop-old-master-keys", stderr=cast.silence())

    assert settings.HOME.kept_secret("master-keys") == settings.MASTER_KEYS.split()[0]
    settings.HOME.replace_kept_secret("master-keys", old)
