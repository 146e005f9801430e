"""The library as a person uses it: by mouse and keyboard, on a phone, in both languages."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from loa.library import actions
from loa.library.models import Asset
from loa.library.tests.pictures import a_picture
from loa.ops import clock, fence
from loa.workspace.models import Member
from tests.cast import a_channel, a_person, a_post, a_workspace, the_owner
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
COLOURS = [(180, 90, 40), (40, 90, 180), (40, 160, 90), (200, 180, 60)]


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(params=["vi", "en"])
def owner(request: pytest.FixtureRequest) -> Member:
    """Make a library with a folder, a tag, a picture in use and one whose rights end."""
    workspace = a_workspace("Cà phê Bến", owner=a_person("Ngân", language=request.param))
    ngan = the_owner(workspace)
    with fence.inside(workspace.pk):
        assets = [
            actions.keep_upload(
                BytesIO(a_picture(600, 400, colour=colour)), filename=f"anh-{place}.jpg", by=ngan
            )
            for place, colour in enumerate(COLOURS)
        ]
        folder = actions.add_folder("Trung thu", by=ngan)
        actions.add_folder("2027", parent=folder, by=ngan)
        actions.move_assets([assets[0].pk], folder=folder, by=ngan)
        actions.tag_assets([assets[1].pk], name="sản phẩm", by=ngan)
        terms = actions.Terms(licence="stock", until=clock.now().date(), creator="Lan")
        actions.note_rights(assets[2], terms=terms, by=ngan)
        actions.add_consent(assets[2], person="Minh Trần", agreed_to="trang của quán", by=ngan)
    a_post(workspace, channels=(a_channel(workspace),), assets=(assets[2],))
    return ngan


def library(owner: Member) -> str:
    return f"/w/{owner.workspace.slug}/library/"


def assets_of(owner: Member) -> list[Asset]:
    with fence.inside(owner.workspace_id):
        return list(Asset.objects.in_workspace(owner.workspace).order_by("pk"))


@pytest.mark.parametrize("phone", [True, False])
def test_shelf_and_picture_are_for_everybody(
    visit: Visiting, owner: Member, *, phone: bool
) -> None:
    seen = visit(owner, library(owner), phone=phone)
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
    seen.page.locator(".tile-tick input").first.check()
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()

    used = assets_of(owner)[2]
    seen = visit(owner, f"{library(owner)}{used.pk}/", phone=phone)
    for summary in seen.page.locator("details.more > summary").all():
        summary.click()
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()


def test_many_are_tagged_by_keyboard_and_taken_back(visit: Visiting, owner: Member) -> None:
    page = visit(owner, library(owner)).page
    bar = page.locator(".many-bar")
    expect(bar).to_be_hidden()

    page.locator(".tile-tick input").first.focus()
    page.keyboard.press("Space")
    expect(bar).to_be_visible()
    page.locator("[data-selects-all]").click()
    expect(page.locator(".many-count output")).to_have_text("4")
    page.locator("#many-tag").fill("quán")
    page.locator("button[value=tag]").press("Enter")
    page.wait_for_load_state()
    with fence.inside(owner.workspace_id):
        assert Asset.objects.filter(tags__name="quán").count() == 4

    page.locator("form[action*='/undo/'] button, [data-undo]").first.click()
    page.wait_for_load_state()

    page.wait_for_function("() => !document.querySelector('#known-tags option[value=\"quán\"]')")
    with fence.inside(owner.workspace_id):
        assert Asset.objects.filter(tags__name="quán").count() == 0


def test_a_stretch_is_ticked_with_shift(visit: Visiting, owner: Member) -> None:
    page = visit(owner, library(owner)).page
    ticks = page.locator(".tile-tick input")

    ticks.nth(0).click()
    ticks.nth(2).click(modifiers=["Shift"])

    assert [ticks.nth(place).is_checked() for place in range(4)] == [True, True, True, False]


def test_a_folder_is_made_and_opened(visit: Visiting, owner: Member) -> None:
    page = visit(owner, library(owner)).page
    page.locator("button[commandfor=new-folder]:not([command=close])").click()
    page.locator("#new-folder-name").fill("Mùa hè")
    page.locator(
        "#new-folder form button[type=submit], #new-folder form button.button-primary"
    ).click()

    expect(page.locator("h1")).to_contain_text("Mùa hè")
    expect(page.locator(".folder-link[aria-current]")).to_contain_text("Mùa hè")
