"""Campaigns, the rule for links, tracked links and their QR codes, as people see them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loa.content.actions.campaigns import add_campaign
from loa.content.actions.links import NewRule, set_link_rule
from loa.content.models import Link, Post
from loa.measure.models import LinkDay
from loa.ops import clock, fence
from loa.workspace.models import Workspace
from tests.cast import a_channel, a_post, a_workspace, ana
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
TEXT = "Thực đơn Tết: https://tiem.example/menu/tet?ban=5#trua\nGọi bàn 0901 234 567."


@dataclass(frozen=True)
class Scene:
    """A bakery that counts clicks, with a campaign, a post and links in it and in print."""

    workspace: Workspace
    post: Post
    link: Link
    campaign_id: int

    def url(self, path: str) -> str:
        return f"/w/{self.workspace.slug}/{path}"


@pytest.fixture
def scene() -> Scene:
    bakery = a_workspace("Tiệm Bánh Bên Sông")
    channel = a_channel(bakery, name="Tiệm Bánh")
    with fence.inside(bakery.pk):
        campaign = add_campaign("Tết Đinh Mùi 2027", workspace=bakery, colour="lacquer")
        set_link_rule(ana(bakery), wanted=NewRule(marks=True, tracks=True, domain="go.tiem.vn"))
        post = a_post(bakery, title="Thực đơn Tết", text=TEXT, channels=(channel,))
        Post.objects.filter(pk=post.pk).update(campaign=campaign)
        links = [
            Link.objects.create(
                workspace=bakery,
                code=f"abcd234{number}",
                target="https://tiem.example/menu/tet?ban=5&utm_source=sandbox&utm_medium=social",
                label="" if number % 2 else f"bàn {number}",
                post=post if number % 2 else None,
                channel=channel if number % 2 else None,
                campaign=campaign,
                made_at=clock.now() - timedelta(days=20),
            )
            for number in range(2, 7)
        ]
        for ago in range(18):
            for link in links[: 1 + ago % 4]:
                LinkDay.objects.create(
                    workspace=bakery,
                    link=link,
                    clicked_on=clock.now().date() - timedelta(days=ago),
                    clicks=5 + (ago * 7) % 23,
                    visitors=4 + (ago * 5) % 17,
                    robots=ago % 3,
                )
    return Scene(bakery, post, links[0], campaign.pk)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("phone", "dark"), [(True, False), (False, True), (False, False)])
def test_pages_about_links_are_for_everybody(
    visit: Visiting, scene: Scene, language: str, *, phone: bool, dark: bool
) -> None:
    owner = ana(scene.workspace)
    owner.user.language = language
    owner.user.save()
    there = visit(owner, scene.url("campaigns/"), phone=phone, dark=dark)

    for path in (
        "campaigns/",
        f"campaigns/{scene.campaign_id}/",
        "settings/links/",
        "links/",
        f"links/{scene.link.pk}/",
    ):
        there.go(scene.url(path))
        there.page.wait_for_load_state("networkidle")
        there.assert_accessible()
        there.assert_no_horizontal_scroll(360)


def test_the_composer_shows_what_becomes_of_a_link(visit: Visiting, scene: Scene) -> None:
    there = visit(ana(scene.workspace), scene.url(f"posts/{scene.post.pk}/"))
    shown = there.page.locator("#links-s")

    expect(shown).to_contain_text("http://go.tiem.vn/")
    expect(shown).to_contain_text("utm_campaign=tet-dinh-mui-2027")
    expect(there.page.locator(".preview-caption").first).to_contain_text("go.tiem.vn/")

    there.page.locator("#s-p0-caption").fill("Xem https://tiem.example/khac nhé")

    expect(shown).to_contain_text("https://tiem.example/khac?utm_source")
    expect(there.page.locator("#s-p0-counters output").first).to_contain_text("34 /")
    there.assert_accessible()


def test_a_link_for_print_is_made_with_its_qr_code(visit: Visiting, scene: Scene) -> None:
    there = visit(ana(scene.workspace), scene.url("links/"))

    there.page.get_by_label("Leads to", exact=True).fill("tiem.example/menu")
    there.page.get_by_label("Where it hangs").fill("bàn 12")
    there.page.get_by_role("button", name="Make it").click()

    expect(there.page.get_by_role("heading", level=1)).to_have_text("bàn 12")
    picture = there.page.get_by_role("img", name="QR code of this link")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth > 0")
    with there.page.expect_download() as saved:
        there.page.get_by_role("link", name="PNG").click()
    assert saved.value.suggested_filename.startswith("tiem-banh-ben-song-ban-12-")
