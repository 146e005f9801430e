"""The ways in: the front door, the owner link, invitations."""

from datetime import timedelta

import pytest
from django.test import Client

from loa.ops import clock, fence
from loa.workspace import queries
from loa.workspace.actions import (
    invite_member,
    make_owner_link,
    remove_member,
    withdraw_invitation,
)
from loa.workspace.models import User
from loa.workspace.rules.permissions import Role
from tests import cast

pytestmark = pytest.mark.django_db

ANA = {
    "name": "Ana Lê",
    "email": "ana@riverside.example",
    "password": cast.PASSWORD,
    "workspace_name": "Tiệm bánh Ven Sông",
    "time_zone": "Asia/Ho_Chi_Minh",
    "language": "en",
    "currency": "VND",
}
BEN = {
    "name": "Ben Trần",
    "email": "ben@riverside.example",
    "password": cast.PASSWORD,
    "language": "vi",
}


def owner_link() -> str:
    token = make_owner_link()
    assert token
    return f"/welcome/{token}/"


def test_whoever_is_signed_out_finds_the_sign_in_page_behind_the_front_door() -> None:
    assert Client().get("/")["Location"] == "/sign-in/?next=/"


def test_the_front_door_opens_the_only_workspace() -> None:
    ana = cast.ana(cast.a_workspace())

    where = cast.signed_in(ana).get("/")["Location"]

    assert where.startswith(f"/w/{ana.workspace.slug}/")


def test_the_front_door_opens_the_workspace_last_worked_in() -> None:
    ana = cast.ana(cast.a_workspace())
    cast.a_workspace("Hilltop Books", owner=ana.user)
    client = cast.signed_in(ana)
    assert client.get("/")["Location"] == "/workspaces/"

    client.get("/w/hilltop-books/team/")

    assert client.get("/")["Location"].startswith("/w/hilltop-books/")


def test_the_front_door_forgets_a_workspace_one_has_left() -> None:
    ana = cast.ana(cast.a_workspace())
    hilltop = cast.a_workspace("Hilltop Books", owner=cast.a_person("Mai Vũ"))
    guest = cast.a_member(hilltop, user=ana.user)
    client = cast.signed_in(ana)
    client.get("/w/hilltop-books/team/")
    remove_member(guest, by=guest)

    assert client.get("/")["Location"].startswith("/w/riverside-bakery/")


def test_the_owner_link_opens_a_form_and_then_a_workspace() -> None:
    client, link = Client(), owner_link()

    assert client.get(link).status_code == 200
    answer = client.post(link, ANA)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/w/tiem-banh-ven-song/")
    assert client.get("/w/tiem-banh-ven-song/team/").status_code == 200


def test_a_refused_form_keeps_what_was_typed_but_no_password() -> None:
    answer = Client().post(owner_link(), ANA | {"password": "short", "time_zone": "Mars/Olympus"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Tiệm bánh Ven Sông"' in page
    assert 'value="short"' not in page
    assert not User.objects.exists()


def test_a_used_or_unknown_owner_link_says_what_to_do() -> None:
    link = owner_link()
    Client().post(link, ANA)

    used, unknown = Client().get(link), Client().get("/welcome/made-up/")

    assert (used.status_code, unknown.status_code) == (410, 410)
    assert used.content != unknown.content
    assert b"loa owner_link" in unknown.content


def test_a_new_person_joins_by_an_invitation_and_is_signed_in() -> None:
    bakery = cast.a_workspace()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)
    client = Client()

    page = client.get(f"/join/{new.token}/")
    answer = client.post(f"/join/{new.token}/", BEN)

    assert "Riverside Bakery" in page.content.decode()
    assert answer["Location"].startswith("/w/riverside-bakery/")
    with fence.inside(bakery.pk):
        assert [one.role for one in queries.team(bakery)] == ["owner", "editor"]


def test_somebody_signed_in_joins_with_one_button() -> None:
    bakery, omar = cast.a_workspace(), cast.omar()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.VIEWER)
    client = cast.signed_in(omar)

    assert client.get(f"/join/{new.token}/").status_code == 200
    client.post(f"/join/{new.token}/")

    assert client.get("/w/riverside-bakery/team/").status_code == 200


def test_an_invitation_for_another_address_is_refused_with_the_reason() -> None:
    bakery, omar = cast.a_workspace(), cast.omar()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.VIEWER, email="mai@b.example")

    as_omar = cast.signed_in(omar).post(f"/join/{new.token}/")
    anew = Client().post(f"/join/{new.token}/", BEN)

    assert (as_omar.status_code, anew.status_code) == (409, 422)
    assert "mai@b.example" in as_omar.content.decode()
    assert not User.objects.filter(email=BEN["email"]).exists()


def test_an_address_in_use_leads_to_sign_in_and_spoils_nothing() -> None:
    bakery = cast.a_workspace()
    new = invite_member(bakery, by=cast.ana(bakery), role=Role.EDITOR)
    cast.a_person(email="ben@riverside.example")

    taken = Client().post(f"/join/{new.token}/", BEN)
    free = Client().post(f"/join/{new.token}/", BEN | {"email": "ben2@riverside.example"})

    assert (taken.status_code, free.status_code) == (422, 302)


@pytest.mark.parametrize("what", ["used", "expired", "withdrawn", "unknown"])
def test_an_invitation_that_is_gone_says_why(what: str) -> None:
    bakery = cast.a_workspace()
    ana = cast.ana(bakery)
    new = invite_member(bakery, by=ana, role=Role.EDITOR)
    token, later = new.token, timedelta()
    match what:
        case "used":
            Client().post(f"/join/{token}/", BEN)
        case "expired":
            later = timedelta(days=7)
        case "withdrawn":
            withdraw_invitation(new.invitation, by=ana)
        case _:
            token = "made-up"

    with clock.ahead(later):
        answer = Client(headers={"accept-language": "en"}).get(f"/join/{token}/")

    words = {
        "used": "works once",
        "expired": "more than seven days old",
        "withdrawn": "was withdrawn",
        "unknown": "There is no such invitation",
    }
    assert answer.status_code == 410
    assert words[what] in answer.content.decode()


def test_only_owners_found_further_workspaces() -> None:
    ana = cast.ana(cast.a_workspace())
    ben = cast.ben(ana.workspace)
    said = {"name": "Hilltop", "time_zone": "UTC", "language": "en", "currency": "EUR"}

    refused = cast.signed_in(ben).post("/workspaces/new/", said)
    founded = cast.signed_in(ana).post("/workspaces/new/", said)

    assert (refused.status_code, founded.status_code) == (403, 302)
    assert [one.name for one in queries.workspaces_of(ana.user)] == ["Hilltop", "Riverside Bakery"]


def test_a_person_in_no_workspace_is_told_how_to_get_into_one() -> None:
    client = cast.signed_in(cast.a_person())

    assert client.get("/")["Location"] == "/workspaces/"
    assert b"invite you" in client.get("/workspaces/").content
