"""Files sent in pieces, by a real browser over a line that breaks."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django import Settings

from loa.library.actions import keep_upload
from loa.library.models import Asset, Upload
from loa.library.tests.pictures import SVG, a_noisy_picture, a_picture
from loa.workspace.models import User
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
FIELD = "upload-desk input[type=file]"


@pytest.fixture
def bakery(site: str, settings: Settings, tmp_path: Path) -> Bakery:  # noqa: ARG001 (opens it)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    User.objects.update(language="en")
    return riverside_bakery()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pieces' worth of picture, on the disk, where it has a time of its last change."""
    content = a_noisy_picture(1700, 1300)
    assert len(content) > 5_000_000
    file = tmp_path_factory.mktemp("photos") / "Bánh mì.png"
    file.write_bytes(content)
    return file


def library(bakery: Bakery) -> str:
    return f"/w/{bakery.workspace.slug}/library/"


def only_the_first_piece(page: Page) -> list[bool]:
    """Let one piece through and break the line for all others, until the list is emptied."""
    broken: list[bool] = [True]
    gone: list[bool] = []

    def pass_or_break(route: Route) -> None:
        if route.request.method == "PATCH" and gone and broken:
            route.abort("connectionreset")
            return
        gone.extend([True] if route.request.method == "PATCH" else [])
        route.continue_()

    page.route("**/library/uploads/**", pass_or_break)
    return broken


def test_an_upload_waits_for_a_broken_line_and_goes_on_by_itself(
    visit: Visiting, bakery: Bakery, photo: Path
) -> None:
    there = visit(bakery.ben, library(bakery))
    broken = only_the_first_piece(there.page)

    there.page.set_input_files(FIELD, [photo])
    expect(there.page.get_by_text("Waiting for the connection")).to_be_visible()
    there.assert_accessible()
    broken.clear()

    expect(there.page.locator(".tile-name")).to_have_text("Bánh mì.png", timeout=20_000)
    expect(there.page.locator(".upload-rows .upload")).to_have_count(0)
    there.forgive("/library/uploads/")
    there.forgive("ERR_CONNECTION_RESET")


def test_an_upload_goes_on_after_the_page_was_reloaded(
    visit: Visiting, bakery: Bakery, photo: Path
) -> None:
    there = visit(bakery.ben, library(bakery), phone=True)
    page = there.page
    page.on("dialog", lambda dialog: dialog.accept())
    broken = only_the_first_piece(page)
    page.set_input_files(FIELD, [photo])
    expect(page.get_by_text("Waiting for the connection")).to_be_visible()
    sent: list[int] = []

    page.reload()
    expect(page.get_by_text("Choose the same file again")).to_be_visible()
    there.assert_no_horizontal_scroll(360)
    there.assert_accessible()
    broken.clear()
    page.on(
        "request",
        lambda request: (
            sent.append(int(request.headers["upload-offset"]))
            if request.method == "PATCH"
            else None
        ),
    )
    page.set_input_files(FIELD, [photo])

    expect(page.locator(".tile-name")).to_have_text("Bánh mì.png", timeout=20_000)
    assert sent == [5_000_000]
    there.forgive("/library/uploads/")
    there.forgive("ERR_CONNECTION_RESET")


def test_an_upload_can_be_stopped_and_nothing_is_kept(
    visit: Visiting, bakery: Bakery, photo: Path
) -> None:
    there = visit(bakery.ben, library(bakery))
    only_the_first_piece(there.page)
    there.page.set_input_files(FIELD, [photo])
    expect(there.page.get_by_text("Waiting for the connection")).to_be_visible()

    with there.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        there.page.get_by_role("button", name="Cancel").click()

    expect(there.page.locator(".upload-rows .upload")).to_have_count(0)
    with bakery.inside():
        assert not Upload.objects.exists()
        assert not Asset.objects.exists()
    there.forgive("/library/uploads/")
    there.forgive("ERR_CONNECTION_RESET")


def test_several_files_at_once_and_a_refused_one_says_why(visit: Visiting, bakery: Bakery) -> None:
    there = visit(bakery.ben, library(bakery))
    files: list[FilePayload] = [
        {"name": f"{n}.png", "mimeType": "image/png", "buffer": a_picture(60 + n, kind="PNG")}
        for n in range(4)
    ]
    drawing: FilePayload = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": SVG}

    there.page.set_input_files(FIELD, [*files, drawing])

    expect(there.page.locator(".tile")).to_have_count(4, timeout=20_000)
    expect(there.page.locator(".upload.is-refused")).to_contain_text("is an SVG drawing")
    there.assert_accessible()
    there.forgive("422")


def test_a_large_picture_dropped_into_a_post_survives_a_broken_line(
    visit: Visiting, bakery: Bakery, photo: Path
) -> None:
    a_channel(bakery.workspace, name="Shop")
    there = visit(bakery.ben, f"/w/{bakery.workspace.slug}/posts/new/")
    broken = only_the_first_piece(there.page)

    there.page.locator("composer-drop input[type=file]").first.set_input_files([photo])
    expect(there.page.get_by_text("Waiting for the connection").first).to_be_visible()
    broken.clear()

    expect(there.page.locator("composer-drop .shot").first).to_be_visible(timeout=20_000)
    there.forgive("/library/uploads/")
    there.forgive("ERR_CONNECTION_RESET")


def test_the_plain_form_adds_a_picture_without_scripts(visit: Visiting, bakery: Bakery) -> None:
    page = visit(bakery.ben, library(bakery), scripts=False).page

    page.set_input_files(
        FIELD, FilePayload(name="roll.png", mimeType="image/png", buffer=a_picture(kind="PNG"))
    )
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.locator(".tile-name")).to_have_text("roll.png")


def test_a_new_version_is_sent_in_pieces_and_its_page_opens(
    visit: Visiting, bakery: Bakery, photo: Path
) -> None:
    with bakery.inside():
        first = keep_upload(BytesIO(a_picture()), filename="cup.jpg", by=bakery.ben)
    there = visit(bakery.ben, f"{library(bakery)}{first.pk}/")

    there.page.set_input_files(FIELD, [photo])

    expect(there.page.get_by_role("link", name="Version 2")).to_have_attribute(
        "aria-current", "page", timeout=20_000
    )
    there.assert_accessible()
