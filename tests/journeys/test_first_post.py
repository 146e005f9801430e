"""A stranger's first hour: owner link, channels, a post with variants, agreement, delivery.

The whole way in a real browser, against the real practice network, in both languages.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from loa.connectors import transport
from loa.measure.actions import plan_new_readings, take_due_readings
from loa.ops import clock, fence
from loa.publish.models import Delivery
from loa.workspace.actions import make_owner_link
from loa.workspace.models import Workspace
from practice_network.testing import Running
from tests.cast import PASSWORD
from tests.plugins.browser import Visit
from tests.publish.scene import work_off

type Visiting = Callable[..., Visit]

OPENING = "Chủ nhật chậm. Phin chảy chậm. Mình cũng vậy."
OF_ITS_OWN = "Chủ nhật, rang cháy một mẻ nhỏ cho riêng bạn."


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_an_empty_installation_to_a_receipt_with_readings(
    visit: Visiting, practice: Running, settings: Settings, language: str
) -> None:
    settings.PRACTICE_URL = practice.base_url
    transport.configure(allowed_origins=[practice.base_url])

    ngan = visit(language=language)
    workspace = become_owner(ngan)
    for name in ("Bến", "Bến Rang"):
        connect(ngan, workspace, name)
    demand_one_approver(ngan, workspace)
    lan = visit(language=language)
    join(lan, invite(ngan, workspace, role="approver"))

    post_path = compose(ngan, workspace)
    approve(lan, post_path)
    assert work_off(at=clock.now() + timedelta(minutes=61)) == 2

    with fence.inside(workspace.pk):
        states = list(Delivery.objects.values_list("state", flat=True))
    assert states == ["delivered", "delivered"]
    published = sorted(entry["payload"]["text"] for entry in practice.client.posts_in_ledger())
    assert published == sorted([OPENING, OF_ITS_OWN])
    read_the_receipt(ngan, post_path)
    see_readings(ngan, practice, post_path)


def become_owner(visit: Visit) -> Workspace:
    token = make_owner_link()
    page = visit.go(f"/welcome/{token}/")
    visit.assert_accessible()
    page.fill("[name=name]", "Ngân Trần")
    page.fill("[name=email]", "ngan@ben.example")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=workspace_name]", "Cà phê Bến")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/w/ca-phe-ben/"))
    visit.assert_accessible()
    with fence.everywhere("find the new workspace"):
        return Workspace.objects.get(slug="ca-phe-ben")


def connect(visit: Visit, workspace: Workspace, name: str) -> None:
    page = visit.go(f"/w/{workspace.slug}/channels/connect/sandbox/")
    page.fill("#practice [name=name]", name)
    page.locator("#practice button").click()
    page.wait_for_url(re.compile(r"/channels/\d+/"))


def demand_one_approver(visit: Visit, workspace: Workspace) -> None:
    page = visit.go(f"/w/{workspace.slug}/review-rule/")
    page.check("#mode-any")
    page.locator("#rule button").last.click()
    page.wait_for_load_state("load")
    visit.assert_accessible()


def invite(visit: Visit, workspace: Workspace, *, role: str) -> str:
    page = visit.go(f"/w/{workspace.slug}/team/")
    page.locator("form[action$='/team/invite/'] [name=role]").select_option(role)
    page.locator("form[action$='/team/invite/'] button").click()
    link = page.locator("#new-link").input_value()
    return urlsplit(link).path


def join(visit: Visit, path: str) -> None:
    page = visit.go(path)
    visit.assert_accessible()
    page.fill("[name=name]", "Lan Phạm")
    page.fill("[name=email]", "lan@ben.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/w/ca-phe-ben/"))


def compose(visit: Visit, workspace: Workspace) -> str:
    """Write the post: shared words, a picture, one channel of its own; ask for approval."""
    page = visit.go(f"/w/{workspace.slug}/posts/new/")
    page.fill("#title", "Chủ nhật chậm")
    choose_channels(page)
    page.locator("[role=tabpanel]:visible textarea.composer-caption").fill(OPENING)
    page.locator("input.shot-files").first.set_input_files(
        {"name": "phin.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    )
    page.locator("img.shot-image").first.wait_for()
    page.locator("[data-tab]", has_text="Bến Rang").click()
    page.locator("[role=tabpanel]:visible textarea.composer-caption").fill(OF_ITS_OWN)
    plan_in_an_hour(page)
    wait_until_saved(page)
    visit.assert_accessible()
    page.locator("#composer-foot button[name=do][value=schedule]").click()
    page.locator("#review").wait_for()
    visit.assert_accessible()
    visit.assert_no_horizontal_scroll()
    return urlsplit(page.url).path


def choose_channels(page: Page) -> None:
    page.locator(".composer-add-channel").click()
    for box in page.locator("#composer-channels [name=channel]").all():
        box.check()
    page.keyboard.press("Escape")


def plan_in_an_hour(page: Page) -> None:
    local = (clock.now() + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")  # UTC+7, in an hour
    page.locator(".composer-when").click()
    page.fill("#planned", local)
    page.keyboard.press("Escape")


def wait_until_saved(page: Page) -> None:
    """Wait for the autosave: what is under way is shown faded, which nobody reads for long."""
    page.wait_for_timeout(2500)
    expect(page.locator(".htmx-request")).to_have_count(0)


def approve(visit: Visit, post_path: str) -> None:
    page = visit.go(post_path)
    with page.expect_navigation():
        page.locator("form[action$='/approve/'] button").click()
    # A page that is left says the same, and goes while it is measured.
    expect(page.locator("form[action$='/approve/']")).to_have_count(0)
    page.wait_for_load_state()
    visit.assert_accessible()


def read_the_receipt(visit: Visit, post_path: str) -> None:
    page = visit.go(post_path)
    page.locator("main a[href*='/deliveries/']:visible").first.click()
    page.wait_for_url(re.compile(r"/deliveries/\d+/"))
    assert page.locator("a[href*='/p/']").first.is_visible()
    visit.assert_accessible()
    visit.assert_no_horizontal_scroll()


def see_readings(visit: Visit, practice: Running, post_path: str) -> None:
    plan_new_readings()
    practice.client.set_clock(advance_s=6 * 3600)
    with clock.ahead(timedelta(hours=7)):
        assert take_due_readings() == 2
    page = visit.go(post_path)
    rows = page.locator("#post-readings tbody tr")
    rows.first.wait_for()
    assert rows.count() == 2
    visit.assert_accessible()


def a_picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (1200, 900), (122, 78, 48)).save(kept, "JPEG")
    return kept.getvalue()
