"""What belongs to the person: theme, language, keys."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.cast import a_workspace, ana
from tests.plugins.browser import Visit


def test_a_theme_is_chosen_at_once_and_kept(visit: Callable[..., Visit]) -> None:
    bakery = a_workspace()
    there = visit(ana(bakery), f"/w/{bakery.slug}/channels/")
    page = there.page
    page.locator(".rail-person").click()

    with page.expect_response("**/theme/"):
        page.locator(".theme-choice[value=dark]").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    there.assert_accessible()


def test_a_language_is_chosen_where_one_is(visit: Callable[..., Visit]) -> None:
    bakery = a_workspace()
    page = visit(ana(bakery), f"/w/{bakery.slug}/channels/").page
    before = page.url
    page.locator(".rail-person").click()

    page.locator("#person-menu .theme-choice[value=vi]").click()

    expect(page.locator("main h1")).to_have_text("Kênh")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert page.url == before


def test_the_phone_reaches_every_place_and_the_person(visit: Callable[..., Visit]) -> None:
    bakery = a_workspace()
    page = visit(ana(bakery), f"/w/{bakery.slug}/channels/", phone=True).page

    page.locator("[popovertarget=more-places]").click()
    page.locator("#more-places a", has_text="Team").click()

    expect(page.locator("main h1")).to_have_text("Team")
