"""Many posts at once, in a real browser: ranges, keys, moving and back; a week copied."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loa.content.models import Post, Variant
from loa.ops import clock, fence
from loa.workspace.models import Member, Workspace
from tests import cast
from tests.plugins.browser import Visit

type Opens = Callable[..., Visit]


@pytest.fixture
def bakery(site: str) -> Workspace:  # noqa: ARG001 (its rows are visible to the site)
    return cast.a_workspace("Tiệm bánh", owner=cast.a_person("Ana Lê", language="vi"))


@pytest.fixture
def ana(bakery: Workspace) -> Member:
    return cast.the_owner(bakery)


@pytest.fixture
def posts(bakery: Workspace) -> list[Post]:
    channel = cast.a_channel(bakery)
    tomorrow = clock.now() + timedelta(days=1)
    return [
        cast.a_post(
            bakery,
            title="",
            text=f"Bánh số {number}",
            channels=(channel,),
            due_at=tomorrow + timedelta(hours=number),
        )
        for number in range(5)
    ]


def test_a_range_is_ticked_moved_and_moved_back(
    visit: Opens, bakery: Workspace, ana: Member, posts: list[Post]
) -> None:
    with fence.inside(bakery.pk):
        before = list(Variant.objects.order_by("pk").values_list("planned_at", flat=True))
    page = visit(ana, f"/w/{bakery.slug}/posts/").page
    boxes = page.locator("input[form=select-rows]")
    boxes.nth(0).check()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("select-many output")).to_have_text("4")

    page.get_by_role("button", name="Dời, gắn nhãn, xóa…").click()
    page.get_by_label("Muộn hơn mấy ngày").fill("2")
    page.get_by_role("button", name="Dời từng ấy").click()

    expect(page.locator(".toast")).to_contain_text("Đã dời 4 bài.")
    page.locator(".toast").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".toast")).to_contain_text("Đã hoàn tác.")
    with fence.inside(bakery.pk):
        after = list(Variant.objects.order_by("pk").values_list("planned_at", flat=True))
    assert len(posts) == len(after)
    assert [f"{one:%c}" for one in before if one] == [f"{one:%c}" for one in after if one]


@pytest.mark.usefixtures("posts")
def test_x_ticks_the_row_one_is_on(visit: Opens, bakery: Workspace, ana: Member) -> None:
    page = visit(ana, f"/w/{bakery.slug}/posts/").page
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("input[form=select-rows]").nth(0)).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")

    expect(page.locator("select-many output")).to_have_text("3")
    page.get_by_label("Tất cả trên trang này").check()
    expect(page.locator("select-many output")).to_have_text("5")


@pytest.mark.parametrize("how", [{"phone": True}, {"dark": True}], ids=["phone", "dark"])
def test_choosing_and_copying_are_for_everybody(
    visit: Opens, bakery: Workspace, ana: Member, posts: list[Post], how: dict[str, bool]
) -> None:
    chosen = "&".join(f"post={post.pk}" for post in posts)
    for path in (
        "posts/",
        "calendar/?view=list",
        f"together/?{chosen}",
        "calendar/copy-week/",
    ):
        there = visit(ana, f"/w/{bakery.slug}/{path}", **how)
        there.assert_accessible()
        if how.get("phone"):
            there.assert_no_horizontal_scroll(360)
