"""Omar visits every address. He belongs to another workspace and must learn nothing of this one.

The addresses come from the resolver, the values in them from real rows, so a page that
somebody adds tomorrow is visited tomorrow.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from loa.workspace.models import Workspace
from loa.workspace.rules.permissions import Ability, Role, may
from tests import cast
from tests.house_rules import rows
from tests.house_rules.addresses import WORKSPACE, Address, every_address
from tests.house_rules.arguments import Scene, arguments

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
ALL = every_address(get_resolver())
IN_WORKSPACE = [one for one in ALL if one.is_in_workspace]
# What arguments name that is the same in every workspace.
NO_ROWS = {WORKSPACE, "platform", "destination_kind"}
WITH_ROWS = [one for one in IN_WORKSPACE if set(one.arguments) - NO_ROWS]
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
    "metrics": "figures for a monitor: its token is the key, and without one there is no page",
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


def visit(client: Client, where: str) -> dict[str, int]:
    """Return the status of each method; what a visitor sees after a redirect is another visit."""
    return {method: getattr(client, method)(where).status_code for method in METHODS}


def url(address: Address, scene: Scene, **instead: str) -> str:
    values = {**arguments(address, scene), **instead}
    return reverse(address.name, kwargs=values)


@dataclass
class Walk:
    """A walk past many addresses that tells at its end what was wrong anywhere."""

    workspace: Workspace
    wrong: list[str] = field(default_factory=list)
    seen: int = 0

    def expect(
        self, answers: dict[str, int], allowed: set[int], *, somewhere: int, at: str
    ) -> None:
        """Every method answers one of `allowed`, and one of them `somewhere`."""
        self.seen += 1
        if not set(answers.values()) <= allowed or somewhere not in answers.values():
            self.wrong.append(f"{at}: {answers}")

    @contextmanager
    def changes_nothing(self, at: str) -> Iterator[None]:
        """No row of the workspace changes inside."""
        before = rows.of(self.workspace)
        yield
        changed = [
            table for table, mark in rows.of(self.workspace).items() if mark != before[table]
        ]
        if changed:
            self.wrong.append(f"{at} changed {', '.join(changed)}")

    def end(self) -> None:
        """Fail with everything that was wrong."""
        assert self.seen
        assert not self.wrong, "\n".join(self.wrong)


@pytest.fixture
def walk(bakery: Scene) -> Walk:
    return Walk(bakery.workspace)


@pytest.mark.parametrize("address", IN_WORKSPACE, ids=lambda one: one.name)
def test_a_page_of_a_workspace_has_a_gate(address: Address) -> None:
    assert address.ability in set(Ability), f"{address.route} is not guarded by @requires"


def test_omar_gets_404_everywhere_and_changes_nothing(bakery: Scene, walk: Walk) -> None:
    omar = cast.signed_in(cast.omar())
    for address in IN_WORKSPACE:
        where = url(address, bakery)
        nowhere = where.replace(f"/w/{bakery.workspace.slug}/", "/w/there-is-no-such/")
        with walk.changes_nothing(address.name):
            answers = visit(omar, where)
        # 405 says only which methods an address knows, the same where there is no workspace.
        walk.expect(answers, {404, 405}, somewhere=404, at=address.name)
        if answers != visit(omar, nowhere):
            walk.wrong.append(f"{address.name} answers differently where there is no workspace")
    walk.end()


def test_omar_reaches_no_row_of_others_through_his_own_workspace(bakery: Scene, walk: Walk) -> None:
    omar = cast.omar()
    client = cast.signed_in(omar)
    for address in WITH_ROWS:
        where = url(address, bakery, **{WORKSPACE: omar.workspace.slug})
        with walk.changes_nothing(address.name):
            walk.expect(visit(client, where), {404, 405}, somewhere=404, at=address.name)
    walk.end()


def test_whoever_is_signed_out_is_sent_to_sign_in(bakery: Scene, walk: Walk) -> None:
    for address in IN_WORKSPACE:
        where = url(address, bakery)
        with walk.changes_nothing(address.name):
            walk.expect(visit(Client(), where), {302, 405}, somewhere=302, at=address.name)
        for method in METHODS:
            answer = getattr(Client(), method)(where)
            if answer.status_code == 302 and not sends_to_sign_in(answer):
                walk.wrong.append(f"{address.name} sends on to {answer['Location']}")
    walk.end()


@pytest.mark.parametrize("role", list(Role))
def test_members_without_the_ability_get_403_and_change_nothing(
    bakery: Scene, walk: Walk, role: Role
) -> None:
    client = cast.signed_in(cast.a_member(bakery.workspace, role, name="Lan Đỗ"))
    beyond = [one for one in IN_WORKSPACE if not may(role, one.ability)]
    for address in beyond:
        where = url(address, bakery)
        with walk.changes_nothing(address.name):
            walk.expect(visit(client, where), {403, 405}, somewhere=403, at=address.name)
    assert beyond or role is Role.OWNER
    assert not walk.wrong, "\n".join(walk.wrong)


def test_somebody_who_left_is_a_stranger(bakery: Scene, walk: Walk) -> None:
    gone = cast.a_member(bakery.workspace, Role.OWNER, name="Lan Đỗ")
    client = cast.signed_in(gone)
    cast.end_membership(gone)
    for address in IN_WORKSPACE:
        answers = visit(client, url(address, bakery))
        walk.expect(answers, {404, 405}, somewhere=404, at=address.name)
    walk.end()


@pytest.mark.parametrize(
    "address",
    [one for one in ALL if not one.is_in_workspace and one.is_served and one.name not in OPEN],
    ids=lambda one: one.name,
)
def test_an_address_outside_a_workspace_is_open_for_a_reason(address: Address) -> None:
    where = reverse(address.name, kwargs=dict.fromkeys(address.arguments, 1))

    answers = [getattr(Client(), method)(where) for method in METHODS]

    sent = [answer for answer in answers if answer.status_code == 302]
    assert sent, f"say in OPEN why {address.name} is open"
    assert all(answer.status_code in {302, 405} for answer in answers), address.name
    assert all(sends_to_sign_in(answer) for answer in sent)


def test_a_refusal_is_written_into_the_audit_trail_once(bakery: Scene) -> None:
    viewer = cast.a_member(bakery.workspace, Role.VIEWER, name="Mai Vũ")
    where = reverse("workspace:audit", kwargs={WORKSPACE: bakery.workspace.slug})

    for _ in range(3):
        cast.signed_in(viewer).get(where)
    cast.signed_in(cast.omar()).get(where)

    members = [member for member, _detail in rows.audited(bakery.workspace, "access.refused")]
    assert members == [viewer.pk, None]


def sends_to_sign_in(answer: HttpResponse) -> bool:
    return answer["Location"].startswith(settings.LOGIN_URL)
