"""Secrets open in their own place alone."""

import pytest

from loa.ops import fence, sealing
from loa.ops.sealing import CannotOpen
from loa.workspace.actions import data_key, open_for, seal_for
from tests import cast

pytestmark = pytest.mark.django_db
SECRET = {"access_token": "canary-1234"}


def test_a_sealed_secret_opens_in_its_place() -> None:
    workspace = cast.a_workspace()

    with fence.inside(workspace.pk):
        sealed = seal_for(workspace, SECRET, table="channels_grant", row=5)
        opened = open_for(workspace, sealed, table="channels_grant", row=5)

    assert opened == SECRET
    assert "canary" not in sealed


@pytest.mark.parametrize(("table", "row"), [("channels_grant", 6), ("channels_registration", 5)])
def test_a_secret_copied_to_another_place_does_not_open(table: str, row: int) -> None:
    workspace = cast.a_workspace()

    with fence.inside(workspace.pk):
        sealed = seal_for(workspace, SECRET, table="channels_grant", row=5)
        with pytest.raises(CannotOpen):
            open_for(workspace, sealed, table=table, row=row)


def test_a_secret_copied_to_another_workspace_does_not_open() -> None:
    bakery, cafe = cast.a_workspace(), cast.a_workspace("Elsewhere Coffee")
    with fence.inside(bakery.pk):
        sealed = seal_for(bakery, SECRET, table="channels_grant", row=5)

    with fence.inside(cafe.pk), pytest.raises(CannotOpen):
        open_for(cafe, sealed, table="channels_grant", row=5)


def test_sealing_for_a_workspace_outside_the_fence_is_refused() -> None:
    bakery, cafe = cast.a_workspace(), cast.a_workspace("Elsewhere Coffee")

    with fence.inside(cafe.pk), pytest.raises(CannotOpen):
        seal_for(bakery, SECRET, table="channels_grant", row=5)


def test_every_workspace_has_a_data_key_of_its_own() -> None:
    assert data_key(cast.a_workspace()) != data_key(cast.a_workspace("Elsewhere Coffee"))


def test_a_wrapped_key_opens_for_its_purpose_alone() -> None:
    workspace = cast.a_workspace()

    with pytest.raises(CannotOpen):
        sealing.unwrap(
            workspace.audit_key,
            masters=sealing.master_keys("another master"),
            workspace_id=workspace.pk,
            purpose="audit key",
        )
