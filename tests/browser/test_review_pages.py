"""Approvals that end, as the people see them who gave and need them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loa.content.models import Post
from loa.content.queries import fingerprint_of
from loa.create import actions
from loa.ops import clock, fence
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel, a_post
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
WORDS = {
    "vi": ("Lần duyệt đã hết hạn", "Gửi duyệt lại", "Đặt quy tắc"),
    "en": ("Its approval ended", "Ask for approval again", "Set the rule"),
}


@pytest.fixture
def bakery(site: str) -> Bakery:  # noqa: ARG001 (its rows are visible to the site)
    return riverside_bakery()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_approval_that_ended_is_said_and_asked_for_again(
    visit: Visiting, bakery: Bakery, language: str
) -> None:
    bakery.ana.user.language = language
    bakery.ana.user.save()
    ended, again, set_rule = WORDS[language]
    seen = visit(bakery.ana, f"/w/{bakery.workspace.slug}/review-rule/", phone=language == "vi")
    page = seen.page
    page.locator("#mode-any").check()
    page.locator("#good_for_days").fill("3")
    page.get_by_role("button", name=set_rule).click()
    page.wait_for_load_state()
    seen.go(f"/w/{bakery.workspace.slug}/review-rule/")
    expect(page.locator("#good_for_days")).to_have_value("3")
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
    post = a_post(bakery.workspace, channels=(a_channel(bakery.workspace),), written_by=bakery.ana)
    with clock.ahead(-timedelta(days=4)), bakery.inside():
        actions.request_review(post, by=bakery.ana)
        actions.approve(post, fingerprint=fingerprint_of(post), by=bakery.chloe)

    seen.go(f"/w/{bakery.workspace.slug}/posts/{post.pk}/")
    expect(page.locator("#review").get_by_text(ended)).to_be_visible()
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
    page.locator("#review").get_by_role("button", name=again).click()

    expect(page.locator("#review").get_by_text("Chloe Martin")).to_be_visible()
    with fence.inside(bakery.workspace.pk):
        assert Post.objects.get(pk=post.pk).review == Post.Review.REQUESTED
