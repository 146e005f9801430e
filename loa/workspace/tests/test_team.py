"""Invitations open once and in time; a workspace never loses its last owner."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from loa.ops import clock, fence
from loa.workspace import queries
from loa.workspace.actions import (
    AlreadyMember,
    InvitationGone,
    LastOwner,
    MeantForAnother,
    NewPerson,
    NotAllowed,
    accept_invitation,
    change_role,
    find_invitation,
    invite_member,
    remove_member,
    withdraw_invitation,
)
from loa.workspace.models import Member
from loa.workspace.rules.links import Gone
from loa.workspace.rules.permissions import Role
from tests import cast

BEN = NewPerson(email="ben@riverside.example", name="Ben Trần", password=cast.PASSWORD)


@pytest.mark.django_db
def test_an_invitation_makes_a_member_with_the_role_it_names() -> None:
    bakery = cast.a_workspace()

    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)
    member = accept_invitation(new.token, person=BEN)

    assert (member.workspace_id, member.role, member.user.name) == (
        bakery.pk,
        "editor",
        "Ben Trần",
    )


@pytest.mark.django_db
def test_the_token_of_an_invitation_is_kept_nowhere() -> None:
    bakery = cast.a_workspace()

    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)

    assert new.token not in repr(new)
    assert new.token not in str(vars(new.invitation))


@pytest.mark.django_db
def test_an_invitation_is_used_once() -> None:
    bakery = cast.a_workspace()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)
    accept_invitation(new.token, person=BEN)

    with pytest.raises(InvitationGone) as gone:
        accept_invitation(new.token, person=cast.a_person("Mai Vũ"))

    assert gone.value.why is Gone.USED


@pytest.mark.django_db
def test_an_invitation_ends_after_seven_days() -> None:
    bakery = cast.a_workspace()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)

    with clock.ahead(timedelta(days=6, hours=23)):
        assert find_invitation(new.token) == new.invitation
    with clock.ahead(timedelta(days=7)), pytest.raises(InvitationGone) as gone:
        accept_invitation(new.token, person=BEN)

    assert gone.value.why is Gone.EXPIRED


@pytest.mark.django_db
def test_a_withdrawn_invitation_opens_nothing() -> None:
    bakery = cast.a_workspace()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)

    withdraw_invitation(new.invitation, by=cast.ana(bakery))

    with pytest.raises(InvitationGone) as gone:
        accept_invitation(new.token, person=BEN)
    assert gone.value.why is Gone.WITHDRAWN


@pytest.mark.django_db
def test_an_invitation_for_one_address_serves_no_other() -> None:
    bakery = cast.a_workspace()
    new = invite_member(
        bakery, by=cast.ana(bakery), role=Role.EDITOR, email=" BEN@riverside.example"
    )

    with pytest.raises(MeantForAnother):
        accept_invitation(new.token, person=cast.a_person("Mai Vũ"))

    assert accept_invitation(new.token, person=BEN).user.email == BEN.email


@pytest.mark.django_db
def test_a_member_who_follows_a_second_link_leaves_it_unused() -> None:
    bakery = cast.a_workspace()
    ben = cast.ben(bakery)
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.OWNER)

    with pytest.raises(AlreadyMember):
        accept_invitation(new.token, person=ben.user)

    assert find_invitation(new.token) == new.invitation


@pytest.mark.django_db
def test_somebody_who_left_comes_back_as_the_same_member() -> None:
    bakery = cast.a_workspace()
    ben, ana = cast.ben(bakery), cast.ana(bakery)
    remove_member(ben, by=ana)

    back = accept_invitation(invite_member(bakery, by=ana, role=Role.VIEWER).token, person=ben.user)

    assert (back.pk, back.role, back.left_at) == (ben.pk, "viewer", None)


@pytest.mark.django_db
def test_a_manager_makes_no_owner_and_removes_none() -> None:
    bakery = cast.a_workspace()
    ana = cast.ana(bakery)
    manager = cast.a_member(bakery, Role.MANAGER)
    ben = cast.a_member(bakery, Role.EDITOR, name="Mai Vũ")

    with pytest.raises(NotAllowed):
        invite_member(bakery, by=manager, role=Role.OWNER)
    with pytest.raises(NotAllowed):
        change_role(manager, role=Role.OWNER, by=manager)
    with pytest.raises(NotAllowed):
        change_role(ana, role=Role.VIEWER, by=manager)
    with pytest.raises(NotAllowed):
        remove_member(ana, by=manager)
    assert change_role(ben, role=Role.MANAGER, by=manager).role == "manager"


@pytest.mark.django_db
def test_the_last_owner_stays_one() -> None:
    bakery = cast.a_workspace()
    ana = cast.ana(bakery)

    with pytest.raises(LastOwner):
        change_role(ana, role=Role.MANAGER, by=ana)
    with pytest.raises(LastOwner):
        remove_member(ana, by=ana)


@pytest.mark.django_db
def test_anybody_may_leave() -> None:
    bakery = cast.a_workspace()
    ben = cast.ben(bakery)

    remove_member(ben, by=ben)

    with fence.inside(bakery.pk):
        assert not queries.team(bakery).filter(pk=ben.pk).exists()


@pytest.mark.django_db
def test_links_made_by_somebody_who_left_open_nothing() -> None:
    bakery = cast.a_workspace()
    manager = cast.a_member(bakery, Role.MANAGER)
    new = invite_member(bakery, by=manager, role=Role.EDITOR)

    remove_member(manager, by=cast.ana(bakery))

    with pytest.raises(InvitationGone):
        accept_invitation(new.token, person=BEN)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one() -> None:
    bakery = cast.a_workspace()
    ana = cast.ana(bakery)
    mai = cast.a_member(bakery, Role.OWNER, name="Mai Vũ")
    outcomes: list[str] = []

    def remove(member: Member, by: Member) -> None:
        try:
            remove_member(member, by=by)
            outcomes.append("removed")
        except (LastOwner, NotAllowed) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connection.close()

    both = [
        threading.Thread(target=remove, args=[ana, mai]),
        threading.Thread(target=remove, args=[mai, ana]),
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["NotAllowed", "removed"]


@pytest.mark.django_db(transaction=True)
def test_two_who_race_with_one_invitation_make_one_member() -> None:
    bakery = cast.a_workspace()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)
    people = [cast.a_person(f"Racer {n}") for n in range(4)]
    outcomes: list[str] = []

    def accept(n: int) -> None:
        try:
            accept_invitation(new.token, person=people[n])
            outcomes.append("joined")
        except InvitationGone:
            outcomes.append("gone")
        finally:
            connection.close()

    racers = [threading.Thread(target=accept, args=[n]) for n in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["gone", "gone", "gone", "joined"]
