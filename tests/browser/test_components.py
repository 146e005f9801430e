"""Every component, in both languages and themes, on a desk and on a phone."""

from collections.abc import Callable

import pytest

from tests.plugins.browser import Visit

pytestmark = pytest.mark.urls("tests.browser.urls")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_perceive_and_operate_every_component(
    visit: Callable[..., Visit], language: str, theme: str
) -> None:
    there = visit(path=f"/_components/?language={language}&theme={theme}")

    there.assert_accessible()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_component_is_wider_than_a_phone(visit: Callable[..., Visit], language: str) -> None:
    there = visit(path=f"/_components/?language={language}", phone=True)

    there.assert_no_horizontal_scroll(360)
    there.assert_accessible()


def test_the_keys_are_shown_and_closed_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/?language=vi").page

    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert page.locator("[data-page-keys] .key-line").all_inner_texts() == ["Lên lịch\ns"]

    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def test_j_and_k_walk_through_the_lines(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/").page
    focused = "document.activeElement.closest('[data-row]')?.textContent.trim()"

    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    page.keyboard.press("k")

    assert first
    assert second != first
    assert page.evaluate(focused) == first


def test_keys_do_nothing_while_somebody_writes(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/").page

    page.locator("#title").focus()
    page.keyboard.type("?c/")

    assert page.locator("#keys").is_hidden()
    assert page.locator("#title").input_value().startswith("?c/")


def test_the_palette_finds_a_place_without_diacritics(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/?language=vi").page

    page.keyboard.press("Control+k")
    page.keyboard.type("thu vien")

    assert page.locator("#palette-list [role=option]:visible").all_inner_texts() == [
        "Thư viện\ng\nl"
    ]

    page.keyboard.press("Enter")
    assert page.url.endswith("#library")


def test_the_palette_says_when_it_finds_nothing(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/?language=en").page

    page.keyboard.press("Control+k")
    page.keyboard.type("zzz")

    assert page.locator("[data-none]").is_visible()


def test_a_menu_opens_under_its_button_and_closes_with_escape(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/").page
    opener, menu = page.locator("[popovertarget=example-menu]"), page.locator("#example-menu")

    opener.click()
    below = menu.bounding_box()
    above = opener.bounding_box()
    page.keyboard.press("Escape")

    assert below
    assert above
    assert 0 <= below["y"] - (above["y"] + above["height"]) < 12
    assert menu.is_hidden()


def test_a_dialog_keeps_the_focus_and_gives_it_back(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/").page
    opener = page.locator("[commandfor=example-dialog]").first

    opener.click()
    assert page.evaluate("document.activeElement.closest('dialog').id") == "example-dialog"

    page.keyboard.press("Escape")
    assert opener.evaluate("button => button === document.activeElement")


def test_a_caption_is_counted_while_it_is_written(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/?language=en").page
    meter = page.locator("caption-meter")

    meter.locator("textarea").fill("Việt " + "x" * 494)
    assert meter.locator("output").inner_text() == "499 / 500"

    meter.locator("textarea").fill("Việt " + "x" * 498)
    assert meter.locator("output").inner_text() == "Too long by 3"


def test_a_toast_can_be_closed(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/").page

    page.evaluate(
        "document.querySelector('#toasts').append("
        "document.querySelector('toast-region template').content.firstElementChild.cloneNode(true))"
    )
    page.locator("#toasts .toast [data-close]").click()

    assert page.locator("#toasts .toast").count() == 0


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_an_error_page_says_what_happened_and_where_to_go(
    visit: Callable[..., Visit], status: int
) -> None:
    there = visit(path=f"/_components/error/{status}/", phone=True)

    there.assert_accessible()
    there.assert_no_horizontal_scroll(360)
    assert there.page.locator("main h1").inner_text()
    assert there.page.locator("main a.button-primary").get_attribute("href") == "/"
