"""Posts from feeds in a real browser: added, read, failing in a sentence, paused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from loa.content.models import Post
from loa.intake.tests.feeding import a_website, rss
from loa.ops import fence
from loa.workspace.models import Workspace
from tests import cast
from tests.jobs import run_enqueued
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
WORDS = {
    "vi": (
        "Địa chỉ của nguồn tin",
        "Bắt đầu đọc",
        "Đọc ngay",
        "Tạm dừng",
        "Lần đọc vừa rồi không được",
    ),
    "en": ("Address of the feed", "Read it", "Read now", "Pause", "The last reading failed"),
}


def a_bakery(language: str) -> Workspace:
    bakery = cast.a_workspace(owner=cast.a_person("Ana Lê", language=language))
    cast.a_channel(bakery, name="Cà phê Bến")
    return bakery


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_feed_becomes_drafts_and_says_when_it_fails(
    visit: Visiting,
    site: str,  # noqa: ARG001 (its rows are visible to the site)
    language: str,
) -> None:
    bakery, (address, begin, read, pause, failed) = a_bakery(language), WORDS[language]
    seen = visit(cast.ana(bakery), f"/w/{bakery.slug}/sources/", phone=language == "vi")
    page = seen.page
    page.get_by_role("button", name=begin).click()
    expect(page.locator(".field-error").first).to_be_visible()
    seen.forgive("422")

    with a_website(rss(2, 1)) as blog:
        page.get_by_label(address).fill(blog.url)
        page.get_by_label("Cà phê Bến").check()
        page.get_by_role("button", name=begin).click()
        expect(page.locator("#source-standing")).to_be_visible()
        run_enqueued()
        expect(page.get_by_role("link", name="Bài 2")).to_be_visible()
        blog.content = b"<html>not a feed</html>"
        page.get_by_role("button", name=read).click()
        page.wait_for_load_state()
        run_enqueued()

    expect(page.get_by_text(failed)).to_be_visible()
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
    page.get_by_role("button", name=pause, exact=True).click()
    expect(page.locator("#source-standing .chip").first).to_contain_text(
        {"vi": "Tạm dừng", "en": "Paused"}[language]
    )
    seen.go(f"/w/{bakery.slug}/sources/")
    seen.assert_accessible()
    with fence.inside(bakery.pk):
        assert set(Post.objects.values_list("title", flat=True)) == {"Bài 1", "Bài 2"}
