"""Signing in: passwords, the second step, sessions, throttles; what the trail says of it."""

import os
import re
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings

from loa.ops import fence
from loa.workspace.models import AuditEntry, User, Workspace
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_fresh_throttles", "ana")]


@pytest.fixture
def ana() -> User:
    return cast.a_person(password=cast.PASSWORD, email="ana@riverside.example")


def sign_in(client: Client, password: str = cast.PASSWORD, **extra: Any) -> Any:
    data = {"login": "ana@riverside.example", "password": password}
    return client.post("/sign-in/", data, **extra)


def audited(workspace: Workspace) -> list[str]:
    with fence.inside(workspace.pk):
        entries = AuditEntry.objects.in_workspace(workspace).order_by("number")
        return list(entries.values_list("action", flat=True))


def confirm(client: Client) -> None:
    """Prove again who one is, as is asked before anything about signing in changes."""
    client.post("/confirm/", {"password": cast.PASSWORD})


def switch_on_app(client: Client, user: User) -> str:
    """Enrol an authenticator app; return its secret."""
    confirm(client)
    page = client.get("/me/second-step/app/").content.decode()
    found = re.search(r'<code class="secret">(\w+)</code>', page)
    assert found
    answer = client.post("/me/second-step/app/", {"code": code_of(found[1])})
    assert answer["Location"] == "/me/second-step/codes/"
    assert Authenticator.objects.filter(user=user).count() == 2
    return found[1]


def code_of(secret: str) -> str:
    """Return what the app would show now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_passwords_are_kept_as_scrypt_hashes() -> None:
    hashers = import_module(os.environ["DJANGO_SETTINGS_MODULE"]).PASSWORD_HASHERS
    with override_settings(PASSWORD_HASHERS=hashers):
        hashed = make_password(cast.PASSWORD)

    assert hashed.startswith("scrypt$")


def test_a_person_signs_in_with_address_and_password(ana: User) -> None:
    client = Client()

    answer = sign_in(client)

    assert answer["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == ana.pk


def test_after_signing_in_one_lands_where_one_was_going(ana: User) -> None:
    answer = Client().post(
        "/sign-in/",
        {"login": ana.email, "password": cast.PASSWORD, "next": "/w/riverside-bakery/team/"},
    )

    assert answer["Location"] == "/w/riverside-bakery/team/"


def test_signing_in_leads_to_no_other_site(ana: User) -> None:
    answer = Client().post(
        "/sign-in/",
        {"login": ana.email, "password": cast.PASSWORD, "next": "https://evil.example/"},
    )

    assert answer["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    wrong = sign_in(Client(), "wrong")
    unknown = Client().post("/sign-in/", {"login": "who@b.example", "password": "wrong"})

    def said(page: Any) -> list[str]:
        return re.findall(r'class="notice-words">(.*?)</div>', page.content.decode(), re.DOTALL)

    assert wrong.status_code == unknown.status_code == 200
    assert said(wrong) == said(unknown)


def test_guesses_from_one_address_at_one_account_are_throttled() -> None:
    for _ in range(5):
        sign_in(Client(), "wrong")

    client = Client()
    sign_in(client)

    assert "_auth_user_id" not in client.session


def test_a_stranger_who_guesses_does_not_lock_the_owner_out(ana: User) -> None:
    for _ in range(8):
        sign_in(Client(), "wrong", REMOTE_ADDR="203.0.113.9")

    client = Client()
    sign_in(client, REMOTE_ADDR="198.51.100.7")

    assert int(client.session["_auth_user_id"]) == ana.pk


def test_guesses_at_one_account_from_many_addresses_are_throttled() -> None:
    for number in range(60):
        sign_in(Client(), "wrong", REMOTE_ADDR=f"203.0.113.{number}")

    client = Client()
    sign_in(client, REMOTE_ADDR="198.51.100.7")

    assert "_auth_user_id" not in client.session


def test_the_trail_tells_who_signed_in_and_who_could_not(ana: User) -> None:
    bakery = cast.a_workspace(owner=ana)

    for _ in range(3):
        sign_in(Client(), "wrong")
    sign_in(Client())

    assert audited(bakery) == ["workspace.created", "person.sign_in_failed", "person.signed_in"]


def test_there_is_no_sign_up_and_no_page_of_the_library_itself() -> None:
    for where in ("/accounts/login/", "/accounts/signup/", "/signup/", "/accounts/", "/me/email/"):
        assert Client().get(where).status_code == 404


def test_signing_out_takes_a_button(ana: User) -> None:
    client = cast.signed_in(ana)

    assert client.get("/sign-out/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/sign-out/")
    assert "_auth_user_id" not in client.session


def test_a_changed_password_signs_out_everywhere_else() -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)

    here.post(
        "/me/password/",
        {
            "oldpassword": cast.PASSWORD,
            "password1": "rye and caraway",
            "password2": "rye and caraway",
        },
    )

    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


def test_a_session_elsewhere_is_ended() -> None:
    here, there = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Windows) Firefox/150.0"})
    sign_in(here)
    sign_in(there)
    page = here.get("/me/sessions/").content.decode()
    assert "Firefox" in page
    [where] = re.findall(r'action="(/me/sessions/\d+/end/)"', page)

    here.post(where)

    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_one_button_ends_all_other_sessions() -> None:
    here, others = Client(), [Client(), Client()]
    for client in (here, *others):
        sign_in(client)

    here.post("/me/sessions/end/")

    assert [client.get("/me/").status_code for client in others] == [302, 302]
    assert here.get("/me/").status_code == 200


def test_nobody_ends_the_session_of_another(ana: User) -> None:
    here = Client()
    sign_in(here)
    [where] = [f"/me/sessions/{pk}/end/" for pk in ana.usersession_set.values_list("pk", flat=True)]

    cast.signed_in(cast.omar()).post(where)

    assert here.get("/me/").status_code == 200


def test_an_app_is_enrolled_and_asked_for(ana: User) -> None:
    client = Client()
    sign_in(client)
    secret = switch_on_app(client, ana)

    other = Client()
    answer = sign_in(other)
    assert answer["Location"] == "/sign-in/second-step/"
    assert other.get("/me/").status_code == 302

    cache.clear()  # the code of this half minute was used once to enrol
    other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert other.get("/me/").status_code == 200


def test_a_recovery_code_opens_once(ana: User) -> None:
    client = Client()
    sign_in(client)
    switch_on_app(client, ana)
    page = client.get("/me/second-step/codes/").content.decode()
    code = re.findall(r"<li><code>([\w-]+)</code></li>", page)[0]

    first, second = Client(), Client()
    sign_in(first)
    first.post("/sign-in/second-step/", {"code": code})
    sign_in(second)
    second.post("/sign-in/second-step/", {"code": code})

    assert first.get("/me/").status_code == 200
    assert second.get("/me/").status_code == 302


def test_the_secrets_of_the_second_step_are_sealed_in_the_database(ana: User) -> None:
    client = Client()
    sign_in(client)
    secret = switch_on_app(client, ana)

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept


def test_second_steps_survive_a_new_master_key(ana: User, settings: Any) -> None:
    client = Client()
    sign_in(client)
    secret = switch_on_app(client, ana)

    settings.MASTER_KEYS = f"new-master {settings.MASTER_KEYS}"
    call_command("rotate_keys", stdout=cast.silence(), stderr=cast.silence())
    settings.MASTER_KEYS = "new-master"
    cache.clear()
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": code_of(secret)})

    assert other.get("/me/").status_code == 200


def test_changing_the_second_step_asks_for_the_password_again() -> None:
    client = Client()
    sign_in(client)

    answer = client.get("/me/second-step/app/")

    assert answer["Location"].startswith("/confirm/")


def test_every_page_of_ones_own_settings_opens_in_our_own_frame(ana: User) -> None:
    client = Client()
    sign_in(client)
    switch_on_app(client, ana)
    pages = (
        "/me/",
        "/me/password/",
        "/me/second-step/",
        "/me/second-step/app/remove/",
        "/me/second-step/codes/",
        "/me/second-step/codes/new/",
        "/me/passkeys/",
        "/me/passkeys/add/",
        "/me/sessions/",
        "/confirm/",
        "/confirm/code/",
        "/sign-out/",
        "/workspaces/",
    )

    for where in pages:
        answer = client.get(where)
        assert answer.status_code == 200, where
        assert 'class="plain-brand"' in answer.content.decode(), where


def test_a_forgotten_password_without_e_mail_says_who_helps() -> None:
    page = Client(headers={"accept-language": "en"}).get("/password/forgotten/").content.decode()

    assert "The owner of your workspace can make a link" in page
    assert "loa reset_link" in page


def test_a_forgotten_password_is_reset_by_e_mail(settings: Any, mailoutbox: list[Any]) -> None:
    settings.EMAIL_URL = "smtp://mail.example"

    Client().post("/password/forgotten/", {"email": "ana@riverside.example"})
    Client().post("/password/forgotten/", {"email": "nobody@riverside.example"})

    [message] = mailoutbox
    assert message.to == ["ana@riverside.example"]
    assert re.search(r"http://testserver/password/new/[\w-]+/", message.body)


def test_the_machine_makes_a_reset_link_and_takes_a_lost_second_step_away(ana: User) -> None:
    client = Client()
    sign_in(client)
    switch_on_app(client, ana)
    out = cast.silence()

    call_command("reset_link", "Ana@riverside.example", "--remove-second-step", stdout=out)

    assert "http://testserver/password/new/" in out.getvalue()
    assert not Authenticator.objects.exists()
    assert client.get("/me/").status_code == 302


def test_the_language_is_switched_before_and_after_signing_in(ana: User) -> None:
    client = Client(headers={"accept-language": "en"})
    assert 'lang="en"' in client.get("/sign-in/").content.decode()

    client.post("/language/", {"language": "vi", "next": "/sign-in/"})
    assert "Đăng nhập" in client.get("/sign-in/").content.decode()

    sign_in(client)
    assert '<html lang="en"' in client.get("/me/").content.decode()
    client.post("/language/", {"language": "vi", "next": "/me/"})
    ana.refresh_from_db()
    assert ana.language == "vi"
    assert '<html lang="vi"' in client.get("/me/").content.decode()


@pytest.mark.parametrize("switch", ["/language/", "/theme/"])
def test_a_switch_leads_to_no_other_site(switch: str) -> None:
    answer = Client().post(switch, {"language": "vi", "theme": "dark", "next": "//evil.example"})

    assert answer["Location"] == "/"


def test_the_theme_is_kept(ana: User) -> None:
    client = cast.signed_in(ana)

    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "pink"})

    ana.refresh_from_db()
    assert ana.theme == "dark"
    assert 'data-theme="dark"' in client.get("/me/").content.decode()
