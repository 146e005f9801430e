"""The practice network as a person sees it, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from practice_network.testing import Running
from practice_network.tests.pictures import PNG
from tests.plugins.browser import DESK, PHONE, Visit

pytestmark = pytest.mark.browser
PAGES = ("/", "/@quan_nho", "/p/100001", "/ledger", "/new", "/nowhere")


@pytest.fixture
def busy(practice: Running) -> Running:
    """A network with a post of every form, a thread, and a day of comments."""
    client = practice.client
    client.set_clock(now="2026-09-07T07:30:00+07:00", speed=0)
    cafe = client.open_account("quan_nho", name="Quán Nhỏ", bio="Rang mộc", followers=3000)
    pictures = [client.upload(cafe.access_code, PNG, alt_text="Ly trà")["id"] for _ in range(3)]
    first = client.post(
        cafe.access_code, "Chọn ly nào? #caphe https://quan.example/menu", media_ids=pictures
    )
    client.post(cafe.access_code, "Phần hai", reply_to=first["id"])
    client.set_clock(advance_s=86_400)
    return practice


@pytest.fixture(params=["light-desk", "dark-phone"])
def looking(chromium: Browser, busy: Running, request: pytest.FixtureRequest) -> Iterator[Visit]:
    theme, _, device = request.param.partition("-")
    size = PHONE if device == "phone" else DESK
    context = chromium.new_context(viewport=size, color_scheme=theme, locale="vi-VN")  # type: ignore[arg-type]  # plain dicts
    visit = Visit(context.new_page(), busy.base_url)
    visit.page.on("pageerror", lambda error: visit.problems.append(str(error)))
    visit.page.on(
        "console",
        lambda said: visit.problems.append(said.text) if said.type == "error" else None,
    )
    yield visit
    context.close()


def test_every_page_is_accessible_and_fits_a_phone(looking: Visit) -> None:
    for path in PAGES:
        looking.go(path)
        looking.assert_accessible()
        looking.assert_no_horizontal_scroll()

    assert [one for one in looking.problems if "404" not in one] == []


def test_an_account_is_opened_by_keyboard_and_its_code_shown(looking: Visit, busy: Running) -> None:
    page = looking.go("/new")

    page.focus("#handle")
    page.keyboard.type("quan_moi")
    page.keyboard.press("Enter")
    page.wait_for_selector("dl.code")

    code = page.locator("dl.code code").last.inner_text()
    assert busy.client.call("GET", "/me", access_code=code)["handle"] == "quan_moi"
    looking.assert_accessible()
