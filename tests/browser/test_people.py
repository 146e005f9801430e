"""People come in, protect their accounts and choose how Loa looks: in a real browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from loa.workspace.actions import invite_member, make_owner_link
from loa.workspace.rules.permissions import Role
from tests import cast
from tests.plugins.browser import Visit

type Open = Callable[..., Visit]


def code_of(secret: str) -> str:
    """Return what an authenticator app would show now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def sign_up(page: Page, *, email: str = "ana@riverside.example") -> None:
    """Fill in who one is."""
    page.locator("[name=name]").fill("Ana Lê")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(cast.PASSWORD)


def confirm(page: Page) -> None:
    """Prove again who one is."""
    page.locator("[name=password]").fill(cast.PASSWORD)
    page.locator("main form button.button-primary").click()


def a_device_with_passkeys(page: Page) -> None:
    """Give the browser a device that keeps passkeys and recognises its owner at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_first_owner_comes_in_by_the_printed_link(visit: Open, language: str) -> None:
    there = visit(path=f"/welcome/{make_owner_link()}/", language=language)
    page = there.page
    there.assert_accessible()

    sign_up(page)
    page.locator("[name=workspace_name]").fill("Tiệm bánh Ven Sông")
    page.locator("main form button.button-primary").last.click()

    page.wait_for_url("**/w/tiem-banh-ven-song/**")
    assert page.locator("html").get_attribute("lang") == language
    there.assert_accessible()


def test_a_colleague_comes_in_by_an_invitation(visit: Open) -> None:
    bakery = cast.a_workspace()
    anas = visit(cast.ana(bakery), "/w/riverside-bakery/team/", language="en")
    anas.page.locator("select[name=role]").last.select_option("approver")
    anas.page.get_by_role("button", name="Make a link").click()
    link = anas.page.locator("#new-link").input_value()
    anas.assert_accessible()

    bens = visit(path=re.sub(r"^https?://[^/]+", "", link), language="en", phone=True)
    bens.assert_no_horizontal_scroll()
    sign_up(bens.page, email="ben@riverside.example")
    bens.page.get_by_role("button", name="Join").click()

    bens.page.wait_for_url("**/w/riverside-bakery/**")
    anas.go("/w/riverside-bakery/team/")
    assert anas.page.get_by_text("ben@riverside.example").is_visible()


def test_an_invitation_that_is_gone_can_be_read_on_a_phone(visit: Open) -> None:
    bakery = cast.a_workspace()
    invite_member(bakery, by=cast.ana(bakery), role=Role.VIEWER)

    there = visit(path="/join/made-up/", language="en", phone=True)

    assert there.page.get_by_text("There is no such invitation").is_visible()
    there.assert_accessible()
    there.assert_no_horizontal_scroll()
    there.forgive("410")


def test_an_authenticator_app_becomes_the_second_step(visit: Open) -> None:
    ana = cast.a_person("Ana Lê", password=cast.PASSWORD, email="ana@riverside.example")
    cast.a_workspace(owner=ana)
    there = visit(ana, "/me/second-step/", language="en")
    page = there.page
    page.get_by_role("link", name="Use an authenticator app").click()
    confirm(page)

    assert page.locator("img.qr").evaluate("one => one.complete && one.naturalWidth > 0")
    there.assert_accessible()
    page.locator("details summary").click()
    secret = page.locator("code.secret").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="Switch it on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    there.assert_accessible()

    elsewhere = visit(path="/sign-in/", language="en")
    sign_in(elsewhere.page)
    elsewhere.assert_accessible()
    elsewhere.page.locator("[name=code]").fill(codes[0])
    elsewhere.page.get_by_role("button", name="Sign in").click()
    elsewhere.page.wait_for_url("**/w/riverside-bakery/**")


def test_a_passkey_is_added_and_opens_the_door(visit: Open) -> None:
    ana = cast.a_person("Ana Lê", password=cast.PASSWORD, email="ana@riverside.example")
    cast.a_workspace(owner=ana)
    there = visit(ana, language="en")
    there.site = there.site.replace("127.0.0.1", "localhost")
    page = there.page
    there.go("/sign-in/")
    a_device_with_passkeys(page)
    sign_in(page)
    there.go("/me/passkeys/add/")
    confirm(page)
    page.locator("[name=name]").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/me/second-step/codes/")
    there.go("/me/passkeys/")
    assert page.get_by_text("Laptop").is_visible()
    there.assert_accessible()

    there.go("/sign-out/")
    page.get_by_role("button", name="Sign out").click()
    there.go("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/w/riverside-bakery/**")
    there.forgive("//localhost:")  # the same server: a passkey belongs to a name, not a number


def test_language_and_theme_are_switched_with_the_keyboard(visit: Open) -> None:
    there = visit(cast.ana(cast.a_workspace()), "/me/", language="en")
    page = there.page

    page.locator("main .theme-switch [value=dark]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_load_state("networkidle")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    there.assert_accessible()

    page.locator("main [name=language][value=vi]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert page.get_by_role("heading", name="Ngôn ngữ").is_visible()
    there.assert_accessible()


PAGES = (
    "/me/",
    "/me/password/",
    "/me/second-step/",
    "/me/sessions/",
    "/workspaces/",
    "/workspaces/new/",
    "/w/riverside-bakery/team/",
    "/w/riverside-bakery/team/roles/",
    "/w/riverside-bakery/settings/",
    "/w/riverside-bakery/audit/",
)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_people_fits_a_phone_and_everybody(visit: Open, language: str) -> None:
    bakery = cast.a_workspace(owner=cast.a_person(language=language))
    ana = cast.ana(bakery)
    cast.ben(bakery)
    invite_member(bakery, by=ana, role=Role.EDITOR, email="mai@riverside.example")
    there = visit(ana, phone=True)

    for where in PAGES:
        there.go(where)
        there.assert_accessible()
        there.assert_no_horizontal_scroll()


def sign_in(page: Any) -> None:
    """Sign in as Ana, with her password."""
    page.locator("[name=login]").fill("ana@riverside.example")
    page.locator("[name=password]").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
