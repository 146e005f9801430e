"""Importing a file in a real browser: on a phone, by night, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect

from loa.content.models import Post
from loa.intake import actions
from loa.ops import fence
from loa.workspace.models import Workspace
from tests import cast
from tests.jobs import run_enqueued
from tests.plugins.browser import Visit

FILE = (
    "Kênh;Ngày;Giờ;Nội dung;Tên bài\n"
    "ben;1/3/2098;19:30;Nhạc acoustic tối nay;Tối thứ Sáu\n"
    f"ben;2/3/2098;19:30;{'rất dài ' * 80};\n"
    "nowhere;32/3/2098;25:00;<img src=x onerror=alert(1)>;\n"
)
WORDS = {
    "vi": ("CSV hoặc XLSX", "Tải lên và xem qua", "thành nháp", "Tải 1 dòng"),
    "en": ("CSV or XLSX", "Upload and look it over", "draft", "Get 1 row"),
}
type Opens = Callable[..., Visit]


@pytest.fixture
def bakery(site: str) -> Workspace:  # noqa: ARG001 (its rows are visible to the site)
    workspace = cast.a_workspace("Tiệm bánh", owner=cast.a_person("Ana Lê", language="vi"))
    cast.a_channel(workspace, name="Cà phê Bến", handle="ben")
    return workspace


def a_read_import(workspace: Workspace, tmp_path: Path) -> str:
    file = tmp_path / "thang-3.csv"
    file.write_text(FILE)
    with fence.inside(workspace.pk), file.open("rb") as opened:
        begun = actions.begin_import(cast.ana(workspace), file=opened, filename=file.name)
    actions.read_import(workspace_id=workspace.pk, import_id=begun.pk)
    return f"/w/{workspace.slug}/imports/{begun.pk}/"


def test_the_pages_of_an_import_are_for_everybody(
    visit: Opens, bakery: Workspace, tmp_path: Path
) -> None:
    rows = a_read_import(bakery, tmp_path)
    for address in (f"/w/{bakery.slug}/imports/", rows):
        phone = visit(cast.ana(bakery), address, phone=True)
        phone.assert_no_horizontal_scroll(360)
        phone.assert_accessible()
        visit(cast.ana(bakery), address, dark=True).assert_accessible()


def mended(file: Download, folder: Path) -> Path:
    """Keep what came back, and put right what was wrong in it."""
    back = folder / file.suggested_filename
    file.save_as(back)
    text = back.read_text(encoding="utf-8-sig")
    assert "Nhạc acoustic" not in text
    back.write_text(text.replace("nowhere", "ben").replace("32/3", "3/3").replace("25:00", "9:00"))
    return back


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_a_file_got_wrong_is_mended_in_the_file_that_comes_back(
    visit: Opens, bakery: Workspace, tmp_path: Path, language: str
) -> None:
    ana = cast.ana(bakery)
    ana.user.language = language
    ana.user.save()
    field, upload, drafts, mend = WORDS[language]
    seen = visit(ana, f"/w/{bakery.slug}/imports/", phone=language == "en")
    page = seen.page
    page.get_by_role("button", name=upload).click()
    expect(page.locator(".field-error")).to_be_visible()
    seen.forgive("422")
    seen.assert_accessible()

    file = tmp_path / "thang-3.csv"
    file.write_text(FILE)
    page.get_by_label(field).set_input_files(file)
    expect(page.locator(".file-field-name")).to_have_text("thang-3.csv")
    page.get_by_role("button", name=upload).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("thang-3.csv")
    run_enqueued()
    page.get_by_role("button", name=drafts).click()
    page.wait_for_load_state()
    run_enqueued()
    page.reload()
    with page.expect_download() as saved:
        page.get_by_role("link", name=mend).click()

    back = mended(saved.value, tmp_path)
    seen.go(f"/w/{bakery.slug}/imports/")
    page.get_by_label(field).set_input_files(back)
    page.get_by_role("button", name=upload).click()
    run_enqueued()
    page.reload()
    expect(page.locator(".import-row")).to_have_count(1)
    page.get_by_role("button", name=drafts).click()
    page.wait_for_load_state()
    run_enqueued()
    page.reload()
    with fence.inside(bakery.pk):
        assert Post.objects.count() == 3
    seen.assert_no_horizontal_scroll()
