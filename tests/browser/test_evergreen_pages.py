"""Evergreen posts, in a real browser: marked with other words, on a phone and at night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from loa.content.models import Post
from loa.ops import fence
from loa.plan import actions
from loa.plan.models import EvergreenPool
from loa.plan.tests.planning import daily
from loa.plan.tests.test_evergreen import OTHER, REST, a_live_post
from loa.workspace.models import Member, Workspace
from tests import cast
from tests.bakery import Bakery
from tests.plugins.browser import Visit

type Opens = Callable[..., Visit]


@pytest.fixture
def bakery(site: str) -> Workspace:  # noqa: ARG001 (its rows are visible to the site)
    return cast.a_workspace("Tiệm bánh", owner=cast.a_person("Ana Lê", language="vi"))


@pytest.fixture
def ana(bakery: Workspace) -> Member:
    return cast.the_owner(bakery)


@pytest.fixture
def post(bakery: Workspace, ana: Member) -> Post:
    channel = cast.a_channel(bakery, name="Cà phê Bến")
    daily(channel, "08:00", "20:00")
    with fence.inside(bakery.pk):
        return a_live_post(Bakery(bakery, ana, ana, ana), channel)


def test_a_live_post_is_marked_with_other_words(
    visit: Opens, bakery: Workspace, ana: Member, post: Post
) -> None:
    page = visit(ana, f"/w/{bakery.slug}/posts/{post.pk}/").page
    page.locator("#of-series").get_by_role("link", name="Đăng lại").click()
    page.get_by_label("Lời khác, 1").fill(OTHER)
    page.get_by_role("button", name="Dùng lâu dài").click()

    expect(page.locator("#evergreen")).to_contain_text("sẵn sàng cho khung trống kế tiếp")


@pytest.mark.parametrize("how", [{"phone": True}, {"dark": True}], ids=["phone", "dark"])
def test_evergreen_posts_are_for_everybody(
    visit: Opens, bakery: Workspace, ana: Member, post: Post, how: dict[str, bool]
) -> None:
    with fence.inside(bakery.pk):
        actions.mark_evergreen(post, rest=REST, alternates=[OTHER], by=ana)
        channel = post.variants.select_related("channel__workspace").get().channel
        actions.set_pool(channel, weekly_cap=3, by=ana)
        assert actions.fill_pool(EvergreenPool.objects.get().pk)
    for path in ("evergreen/", f"evergreen/mark/{post.pk}/"):
        there = visit(ana, f"/w/{bakery.slug}/{path}", **how)
        there.assert_accessible()
        if how.get("phone"):
            there.assert_no_horizontal_scroll(360)
