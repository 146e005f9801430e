"""Importing a file in a real browser: on a phone, by night, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from loa.intake import actions
from loa.ops import fence
from loa.workspace.models import Workspace
from tests import cast
from tests.plugins.browser import Visit

FILE = (
    "Kênh;Ngày;Giờ;Nội dung;Tên bài\n"
    "ben;1/3/2098;19:30;Nhạc acoustic tối nay;Tối thứ Sáu\n"
    f"ben;2/3/2098;19:30;{'rất dài ' * 80};\n"
    "nowhere;32/3/2098;25:00;<img src=x onerror=alert(1)>;\n"
)
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


def test_a_file_is_uploaded_and_its_rows_are_shown(
    visit: Opens, bakery: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "thang-3.csv"
    file.write_text(FILE)
    page = visit(cast.ana(bakery), f"/w/{bakery.slug}/imports/").page

    page.get_by_label("CSV hoặc XLSX").set_input_files(file)
    page.get_by_role("button", name="Tải lên và xem qua").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("thang-3.csv")
    expect(page.get_by_text("Đang đọc").first).to_be_visible()
