"""Posts that repeat, in a real browser: the dates follow the form, on a phone and at night."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loa.content.models import Post
from loa.ops import clock, fence
from loa.plan.actions import Terms, start_series
from loa.plan.models import Series
from loa.plan.rules.recurrence import Kind, Rhythm
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
def post(bakery: Workspace) -> Post:
    return cast.a_post(
        bakery, title="Bánh rằm", text="Bánh chay.", channels=(cast.a_channel(bakery),)
    )


def begun(post: Post, by: Member) -> Series:
    first = clock.now().date() + timedelta(days=1)
    terms = Terms(
        name="Bánh rằm",
        rhythm=Rhythm(Kind.LUNAR, first, lunar_days=(1, 15)),
        local_time=clock.now().time().replace(hour=19, minute=30, second=0, microsecond=0),
        schedules=True,
    )
    with fence.inside(post.workspace_id):
        return start_series(post, terms=terms, by=by)


def test_the_dates_follow_what_is_chosen(
    visit: Opens, bakery: Workspace, ana: Member, post: Post
) -> None:
    page = visit(ana, f"/w/{bakery.slug}/series/start/{post.pk}/").page
    expect(page.get_by_label("Ngày trong tháng", exact=True)).to_be_hidden()
    expect(page.locator("#series-dates li")).to_have_count(8)

    page.get_by_label("Theo âm lịch").check()

    expect(page.locator("#series-dates .card-note")).to_have_text("Mùng 1 và rằm hằng tháng")
    expect(page.get_by_label("Thứ Hai", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Cho lặp lại").click()
    expect(page.locator("#coming li").first).to_be_visible()
    with fence.inside(bakery.pk):
        assert Series.objects.get().rhythm_alone.lunar_days == (1, 15)


@pytest.mark.parametrize("how", [{"phone": True}, {"dark": True}], ids=["phone", "dark"])
def test_series_are_for_everybody(
    visit: Opens, bakery: Workspace, ana: Member, post: Post, how: dict[str, bool]
) -> None:
    series = begun(post, ana)
    for path in ("series/", f"series/{series.pk}/", f"series/{series.pk}/change/"):
        there = visit(ana, f"/w/{bakery.slug}/{path}", **how)
        there.assert_accessible()
        if how.get("phone"):
            there.assert_no_horizontal_scroll(360)


def test_the_composer_leads_to_the_series(
    visit: Opens, bakery: Workspace, ana: Member, post: Post
) -> None:
    page = visit(ana, f"/w/{bakery.slug}/posts/{post.pk}/").page
    page.locator("#of-series").get_by_role("link", name="Cho lặp lại").click()

    expect(page.locator("#series-form")).to_be_visible()
