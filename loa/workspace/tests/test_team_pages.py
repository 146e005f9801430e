"""The team page, the settings and the audit trail."""

import re

import pytest
from django.test import Client

from loa.ops import fence
from loa.workspace import queries
from loa.workspace.actions import invite_member, record_audit
from loa.workspace.models import Invitation, Member, Workspace
from loa.workspace.rules.permissions import Ability, Role
from tests import cast

pytestmark = pytest.mark.django_db

TEAM = "/w/riverside-bakery/team/"


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace()


def role_of(member: Member) -> str | None:
    with fence.inside(member.workspace_id):
        found = queries.team(member.workspace).filter(pk=member.pk).first()
    return found.role if found else None


def test_the_link_of_an_invitation_is_shown_once(bakery: Workspace) -> None:
    client = cast.signed_in(cast.ana(bakery))

    made = client.post(f"{TEAM}invite/", {"role": "editor"})

    found = re.search(r"http://testserver(/join/[\w-]+/)", made.content.decode())
    assert made.status_code == 201
    assert found
    assert Client().get(found[1]).status_code == 200
    assert "/join/" not in client.get(TEAM).content.decode()


def test_a_manager_cannot_invite_an_owner(bakery: Workspace) -> None:
    manager = cast.a_member(bakery, Role.MANAGER)

    answer = cast.signed_in(manager).post(f"{TEAM}invite/", {"role": "owner"})

    assert answer.status_code == 403
    with fence.inside(bakery.pk):
        assert not Invitation.objects.in_workspace(bakery).exists()


@pytest.mark.parametrize("data", [{"role": "emperor"}, {"role": "editor", "email": "no address"}])
def test_a_wrong_invitation_is_answered_beside_the_field(
    bakery: Workspace, data: dict[str, str]
) -> None:
    answer = cast.signed_in(cast.ana(bakery)).post(f"{TEAM}invite/", data)

    assert answer.status_code == 422


def test_an_invitation_is_withdrawn(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    new = invite_member(bakery, by=ana, role=Role.EDITOR)

    cast.signed_in(ana).post(f"{TEAM}invitations/{new.invitation.pk}/withdraw/")

    assert Client().get(f"/join/{new.token}/").status_code == 410


def test_a_role_changes_and_a_removal_can_be_undone(bakery: Workspace) -> None:
    ana, ben = cast.ana(bakery), cast.ben(bakery)
    client = cast.signed_in(ana)

    client.post(f"{TEAM}{ben.pk}/role/", {"role": "manager"})
    assert role_of(ben) == "manager"
    client.post(f"{TEAM}{ben.pk}/remove/")
    assert role_of(ben) is None
    client.post(f"{TEAM}{ben.pk}/restore/")
    assert role_of(ben) == "manager"


def test_a_removed_member_is_out_with_the_next_request(bakery: Workspace) -> None:
    ben = cast.ben(bakery)
    client = cast.signed_in(ben)
    assert client.get(TEAM).status_code == 200

    cast.signed_in(cast.ana(bakery)).post(f"{TEAM}{ben.pk}/remove/")

    assert client.get(TEAM).status_code == 404


def test_the_last_owner_can_neither_leave_nor_step_down(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    client = cast.signed_in(ana)

    answers = [
        client.post(f"{TEAM}leave/"),
        client.post(f"{TEAM}{ana.pk}/remove/"),
        client.post(f"{TEAM}{ana.pk}/role/", {"role": "viewer"}),
    ]

    assert [one.status_code for one in answers] == [409, 409, 409]
    assert role_of(ana) == "owner"


def test_an_owner_opens_a_way_back_in(bakery: Workspace) -> None:
    ana, ben = cast.ana(bakery), cast.ben(bakery)

    made = cast.signed_in(ana).post(f"{TEAM}{ben.pk}/reset-link/")
    found = re.search(r"http://testserver(/password/new/[\w-]+/)", made.content.decode())
    assert found
    visitor = Client()
    form = visitor.get(found[1])
    where = form["Location"]
    visitor.post(where, {"password1": "rye and caraway", "password2": "rye and caraway"})

    ben.user.refresh_from_db()
    assert ben.user.check_password("rye and caraway")
    assert Client().get(found[1]).status_code == 200
    assert b"password1" not in Client().get(found[1], follow=True).content


def test_no_way_back_in_is_made_for_people_who_also_work_elsewhere(bakery: Workspace) -> None:
    ana, ben = cast.ana(bakery), cast.ben(bakery)
    cast.a_member(cast.omar().workspace, Role.OWNER, user=ben.user)

    answer = cast.signed_in(ana).post(f"{TEAM}{ben.pk}/reset-link/")

    assert answer.status_code == 409
    assert "/password/new/" not in answer.content.decode()


def test_the_table_of_roles_has_a_line_for_each_ability(bakery: Workspace) -> None:
    page = cast.signed_in(cast.chloe(bakery)).get(f"{TEAM}roles/").content.decode()

    assert page.count('<th scope="row">') == len(Ability)


def test_settings_are_kept_and_audited(bakery: Workspace) -> None:
    said = {"name": "Riverside", "time_zone": "Europe/Lisbon", "language": "en", "currency": "EUR"}
    client = cast.signed_in(cast.ana(bakery))

    answer = client.post("/w/riverside-bakery/settings/change/", said)

    changed = cast.read_again(bakery)
    assert answer.status_code == 302
    assert (changed.name, changed.time_zone, changed.currency) == (
        "Riverside",
        "Europe/Lisbon",
        "EUR",
    )
    assert "Europe/Lisbon" in client.get("/w/riverside-bakery/audit/").content.decode()


def test_a_wrong_time_zone_is_refused(bakery: Workspace) -> None:
    said = {"name": "Riverside", "time_zone": "Mars/X", "language": "en", "currency": "EUR"}

    answer = cast.signed_in(cast.ana(bakery)).post("/w/riverside-bakery/settings/change/", said)

    assert answer.status_code == 422
    assert cast.read_again(bakery).time_zone == "Asia/Ho_Chi_Minh"


def test_the_trail_is_filtered_by_member_and_kind(bakery: Workspace) -> None:
    ana, ben = cast.ana(bakery), cast.ben(bakery)
    record_audit(bakery, member=ben, action="post.deleted", subject="post:41")
    record_audit(bakery, member=ana, action="post.deleted", subject="post:42")
    client = cast.signed_in(ana)

    everything = client.get("/w/riverside-bakery/audit/").content.decode()
    bens = client.get(f"/w/riverside-bakery/audit/?member={ben.pk}").content.decode()
    workspaces = client.get("/w/riverside-bakery/audit/?kind=workspace").content.decode()

    assert "deleted post 41" in everything
    assert "deleted post 42" in everything
    assert "deleted post 42" not in bens
    assert "deleted post 41" not in workspaces


def test_what_people_typed_is_escaped_in_the_trail(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    record_audit(
        bakery, member=ana, action="member.removed", detail={"name": "<script>alert(1)</script>"}
    )

    page = cast.signed_in(ana).get("/w/riverside-bakery/audit/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
