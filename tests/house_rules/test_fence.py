"""Omar visits every address. He belongs to another workspace and must learn nothing of this one.

The addresses come from the resolver, the values in them from real rows, so a page that
somebody adds tomorrow is visited tomorrow.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from loa.workspace.rules.permissions import Ability, Role, may
from tests import cast
from tests.house_rules import rows
from tests.house_rules.addresses import WORKSPACE, Address, every_address
from tests.house_rules.arguments import Scene, arguments

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
ALL = every_address(get_resolver())
IN_WORKSPACE = [one for one in ALL if one.is_in_workspace]
WITH_ROWS = [one for one in IN_WORKSPACE if set(one.arguments) - {WORKSPACE, "platform"}]
# Addresses that answer somebody who is not signed in, each with its reason.
OPEN = {
    "front-door": "sends people on: signed out to the sign-in page",
    "welcome": "the owner link: its token is the key",
    "join": "an invitation: its token is the key",
    "choose-language": "the language switch before sign-in; changes a cookie",
    "choose-theme": "the theme switch before sign-in; changes a cookie",
    "account_login": "the sign-in page",
    "account_logout": "signing out twice is harmless",
    "account_inactive": "says that an account is switched off",
    "account_reset_password": "forgot the password",
    "account_reset_password_done": "forgot the password",
    "account_reset_password_from_key": "its key is the key",
    "account_reset_password_from_key_done": "the new password is set",
    "mfa_authenticate": "the second step of signing in",
    "mfa_login_webauthn": "signing in with a passkey",
    "plan:feed": "a calendar's secret link: its token is the key",
    "calendar-feed": "a calendar's secret link: its token is the key",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Scene:
    return Scene(cast.a_workspace())


@pytest.fixture(autouse=True)
def _fresh_throttles() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def url(address: Address, scene: Scene) -> str:
    return reverse(address.name, kwargs=dict(arguments(address, scene)))


def visit(client: Client, method: str, where: str) -> int:
    """Return the status of a visit; what a visitor sees after a redirect is another visit."""
    return int(getattr(client, method)(where).status_code)


def ids(address: Address) -> str:
    return address.name


@pytest.mark.parametrize("address", IN_WORKSPACE, ids=ids)
def test_a_page_of_a_workspace_has_a_gate(address: Address) -> None:
    assert address.ability in set(Ability), f"{address.route} is not guarded by @requires"


@pytest.mark.parametrize("address", IN_WORKSPACE, ids=ids)
def test_omar_gets_404_and_changes_nothing(address: Address, bakery: Scene) -> None:
    where, omar = url(address, bakery), cast.signed_in(cast.omar())
    nowhere = where.replace(f"/w/{bakery.workspace.slug}/", "/w/there-is-no-such/")
    before = rows.of(bakery.workspace)

    answers = {method: visit(omar, method, where) for method in METHODS}
    as_if_absent = {method: visit(omar, method, nowhere) for method in METHODS}

    # 405 says only which methods the address knows, the same for a workspace that is not there.
    assert answers == as_if_absent
    assert set(answers.values()) <= {404, 405}
    assert 404 in answers.values()
    assert rows.of(bakery.workspace) == before


@pytest.mark.parametrize("address", WITH_ROWS, ids=ids)
def test_omar_reaches_no_row_of_others_through_his_own_workspace(
    address: Address, bakery: Scene
) -> None:
    omar = cast.omar()
    theirs = dict(arguments(address, bakery)) | {WORKSPACE: omar.workspace.slug}
    where, before = reverse(address.name, kwargs=theirs), rows.of(bakery.workspace)

    answers = {method: visit(cast.signed_in(omar), method, where) for method in METHODS}

    assert set(answers.values()) <= {404, 405}, answers
    assert 404 in answers.values()
    assert rows.of(bakery.workspace) == before


@pytest.mark.parametrize("address", IN_WORKSPACE, ids=ids)
def test_whoever_is_signed_out_is_sent_to_sign_in(address: Address, bakery: Scene) -> None:
    where, before = url(address, bakery), rows.of(bakery.workspace)

    answers = [getattr(Client(), method)(where) for method in METHODS]

    sent = [answer for answer in answers if answer.status_code == 302]
    assert sent
    assert all(answer.status_code in {302, 405} for answer in answers)
    assert all(answer["Location"].startswith(settings.LOGIN_URL) for answer in sent)
    assert rows.of(bakery.workspace) == before


@pytest.mark.parametrize("address", IN_WORKSPACE, ids=ids)
def test_members_without_the_ability_get_403_and_change_nothing(
    address: Address, bakery: Scene
) -> None:
    lacking = [role for role in Role if not may(role, address.ability)]
    members = [cast.a_member(bakery.workspace, role, name=f"{role} Vũ") for role in lacking]
    where, before = url(address, bakery), None

    for member in members:
        client = cast.signed_in(member)
        before = before or rows.of(bakery.workspace)
        answers = {method: visit(client, method, where) for method in METHODS}
        assert set(answers.values()) <= {403, 405}, f"{member.role}: {answers}"
        assert 403 in answers.values()
        assert rows.of(bakery.workspace) == before


@pytest.mark.parametrize("address", IN_WORKSPACE, ids=ids)
def test_somebody_who_left_is_a_stranger(address: Address, bakery: Scene) -> None:
    gone = cast.a_member(bakery.workspace, Role.OWNER, name="Lan Đỗ")
    where, client = url(address, bakery), cast.signed_in(gone)
    cast.end_membership(gone)

    assert {visit(client, method, where) for method in METHODS} <= {404, 405}


@pytest.mark.parametrize(
    "address", [one for one in ALL if not one.is_in_workspace and one.is_served], ids=ids
)
def test_an_address_outside_a_workspace_is_open_for_a_reason(address: Address) -> None:
    if address.name in OPEN:
        return
    assert not set(address.arguments) - {"pk"}, f"say in OPEN why {address.name} is open"
    where = reverse(address.name, kwargs=dict.fromkeys(address.arguments, 1))

    answer = Client().get(where)

    assert answer.status_code == 302, f"say in OPEN why {address.name} is open"
    assert answer["Location"].startswith(settings.LOGIN_URL)


def test_a_refusal_is_written_into_the_audit_trail(bakery: Scene) -> None:
    viewer = cast.a_member(bakery.workspace, Role.VIEWER, name="Mai Vũ")
    address = next(one for one in IN_WORKSPACE if not may(Role.VIEWER, one.ability))
    where = url(address, bakery)

    for _ in range(3):
        cast.signed_in(viewer).get(where)
        cast.signed_in(viewer).post(where)
    cast.signed_in(cast.omar()).get(where)

    refusals = rows.audited(bakery.workspace, "access.refused")
    assert [member for member, _detail in refusals if member] == [viewer.pk] * len(
        {detail["method"] for member, detail in refusals if member}
    )
    assert len([member for member, _detail in refusals if member is None]) == 1
