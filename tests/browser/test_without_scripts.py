"""What matters works in a browser that runs no scripts at all."""

from collections.abc import Callable

import pytest

from tests.plugins.browser import Visit

pytestmark = pytest.mark.urls("tests.browser.urls")


def test_menus_and_dialogs_open_without_scripts(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/", scripts=False).page

    page.locator("[popovertarget=example-menu]").click()
    assert page.locator("#example-menu").is_visible()
    page.keyboard.press("Escape")

    page.locator("[commandfor=example-dialog]").first.click()
    assert page.locator("#example-dialog").is_visible()


def test_the_written_time_and_count_stand_without_scripts(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/?language=en", scripts=False).page

    assert page.locator("relative-time").first.inner_text()
    assert page.locator("caption-meter output").inner_text() == "46 / 500"


def test_every_place_is_a_link(visit: Callable[..., Visit]) -> None:
    page = visit(path="/_components/", scripts=False).page

    assert page.locator(".rail-place").count() == page.locator(".rail-place[href]").count() > 0
