"""The composer in a real browser: typing, tabs, pictures, keys, two tabs, phones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django import Settings

from loa.channels.models import Channel
from loa.content.models import Post
from loa.content.queries import state_of
from loa.content.rules.document import Attachment, Document
from loa.content.rules.revisions import PostState
from loa.create import actions
from loa.create.tests.desk import saying
from loa.library.tests.pictures import SVG, a_picture
from loa.publish.models import Delivery
from loa.workspace.models import User
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
CAPTION = "#s-p0-caption"


@dataclass
class Scene:
    """The bakery with two channels."""

    bakery: Bakery
    shop: Channel
    market: Channel

    @property
    def new(self) -> str:
        return f"/w/{self.bakery.workspace.slug}/posts/new/"

    def at(self, post: Post) -> str:
        return f"/w/{self.bakery.workspace.slug}/posts/{post.pk}/"

    def a_post(self, text: str = "Fresh at nine.") -> Post:
        own: dict[int, Document | None] = {self.shop.pk: None, self.market.pk: None}
        with self.bakery.inside():
            state = PostState(title="Loaves", language="en", shared=saying(text), own=own)
            return actions.create_post(self.bakery.ben, state=state)

    def the_image(self) -> Attachment:
        (image,) = self.kept().shared.parts[0].attachments
        return image

    def kept(self) -> PostState:
        with self.bakery.inside():
            return state_of(Post.objects.get())


@pytest.fixture
def scene(site: str, settings: Settings, tmp_path: Path) -> Scene:  # noqa: ARG001 (opens it)
    settings.MEDIA_ROOT = tmp_path / "media"
    bakery = riverside_bakery()
    User.objects.update(language="en")
    return Scene(
        bakery,
        a_channel(bakery.workspace, name="Shop"),
        a_channel(bakery.workspace, name="Market"),
    )


def until(page: Page, holds: Callable[[], bool], *, within_ms: int = 8_000) -> None:
    """Wait until something that the server keeps is so."""
    for _ in range(within_ms // 100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to be so")


def test_what_is_typed_is_kept_by_itself_and_the_address_follows(
    visit: Visiting, scene: Scene
) -> None:
    page = visit(scene.bakery.ben, scene.new).page

    page.fill("#title", "Loaves")
    page.fill(CAPTION, "Fresh at nine.")
    expect(page).to_have_url(re.compile(r"/posts/\d+/$"))
    page.locator(CAPTION).press_sequentially(" And rolls.")
    page.locator("#title").focus()
    expect(page.locator(".preview:visible .preview-caption")).to_contain_text("And rolls.")
    until(page, lambda: scene.kept().shared == saying("Fresh at nine. And rolls."))
    expect(page.locator(".composer-kept-words")).to_contain_text("Saved")
    assert page.locator(CAPTION).input_value() == "Fresh at nine. And rolls."


def test_typing_in_a_channels_tab_begins_words_of_its_own(visit: Visiting, scene: Scene) -> None:
    post = scene.a_post()
    page = visit(scene.bakery.ben, scene.at(post)).page
    mine = f"#c{scene.market.pk}-p0-caption"

    page.locator(CAPTION).fill("Shared words.")
    page.get_by_role("tab", name="Market").click()
    assert page.locator(mine).input_value() == "Shared words."
    page.locator(mine).press_sequentially(" Only here.")
    page.get_by_role("button", name="Return to the shared text").wait_for()
    own = {scene.shop.pk: None, scene.market.pk: saying("Shared words. Only here.")}
    until(page, lambda: scene.kept().own == own)
    page.get_by_role("button", name="Return to the shared text").click()
    page.get_by_role("button", name="Write something else here").wait_for()
    assert scene.kept().own[scene.market.pk] is None


def test_the_tabs_are_walked_with_the_arrow_keys(visit: Visiting, scene: Scene) -> None:
    page = visit(scene.bakery.ben, scene.at(scene.a_post())).page

    page.get_by_role("tab", name="Shared").focus()
    page.keyboard.press("ArrowRight")

    assert page.locator("[role=tabpanel]:visible").get_attribute("id") == f"panel-c{scene.shop.pk}"
    expect(page.get_by_role("tab", name="Shop")).to_be_focused()


def test_a_picture_is_sent_described_and_taken_out_with_a_way_back(
    visit: Visiting, scene: Scene
) -> None:
    page = visit(scene.bakery.ben, scene.at(scene.a_post())).page
    file = FilePayload(name="loaf.jpg", mimeType="image/jpeg", buffer=a_picture(600, 400))

    page.locator("#s-p0-files").set_input_files([file])
    page.locator(".shot-open").click()
    page.fill("#s-p0-a0-alt", "A loaf")
    page.locator("#s-p0-a0-dialog input[type=range]").first.press("ArrowRight")
    page.get_by_role("button", name="Done").click()
    described = Attachment(scene.the_image().asset_id, alt_text="A loaf", focus=(0.05, 0.0))
    until(page, lambda: scene.the_image() == described)

    page.get_by_role("button", name="Remove this picture").click()
    page.get_by_role("button", name="Undo").click()
    page.locator(".shot-open").wait_for()
    assert scene.the_image() == described


def test_a_file_that_is_no_picture_is_answered_with_a_sentence(
    visit: Visiting, scene: Scene
) -> None:
    there = visit(scene.bakery.ben, scene.at(scene.a_post()))
    file = FilePayload(name="logo.png", mimeType="image/png", buffer=SVG)

    there.page.locator("#s-p0-files").set_input_files([file])

    expect(there.page.locator("#toasts")).to_contain_text("SVG drawing")
    there.forgive("422")


def test_counts_follow_every_key_and_agree_with_the_server(visit: Visiting, scene: Scene) -> None:
    page = visit(scene.bakery.ben, scene.at(scene.a_post(""))).page
    counter = page.locator("#s-p0-counters output").first

    page.locator(CAPTION).press_sequentially("Phở ế 👨‍👩‍👧")
    at_once = counter.inner_text()
    page.locator("#title").focus()
    until(page, lambda: not scene.kept().shared.is_empty)

    assert at_once.split("/")[0].strip() == "7"
    assert counter.inner_text() == at_once


def test_an_emoji_is_found_by_its_name_and_put_where_the_caret_is(
    visit: Visiting, scene: Scene
) -> None:
    page = visit(scene.bakery.ben, scene.at(scene.a_post("Good morning"))).page
    page.locator(CAPTION).press("End")

    page.locator("#s-p0 [popovertarget=emoji]").click()
    page.keyboard.type("coffee")
    page.keyboard.press("Enter")

    assert page.locator(CAPTION).input_value() == "Good morning☕"


def test_two_tabs_lose_nothing_and_are_put_together(visit: Visiting, scene: Scene) -> None:
    post = scene.a_post()
    first, second = (visit(who, scene.at(post)) for who in (scene.bakery.ben, scene.bakery.ana))

    first.page.fill(CAPTION, "Ben's words.")
    first.page.locator("#title").focus()
    until(first.page, lambda: scene.kept().shared == saying("Ben's words."))
    second.page.fill(CAPTION, "Ana's words.")
    second.page.get_by_role("link", name="Put the two together").click()
    second.page.locator("input[value=mine]").check()
    second.assert_accessible()
    second.page.get_by_role("button", name="Put together").click()
    second.page.locator(CAPTION).wait_for()
    second.forgive("409")

    assert scene.kept().shared == saying("Ana's words.")
    history = second.go(f"{scene.at(post)}history/").content()
    assert "Ben" in history


def test_a_post_is_scheduled_from_the_keyboard(visit: Visiting, scene: Scene) -> None:
    page = visit(scene.bakery.ben, scene.at(scene.a_post())).page

    page.locator(".composer-when").click()
    page.fill("#planned", "2099-03-08T09:00")
    page.keyboard.press("Escape")
    page.locator(CAPTION).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-word")).to_contain_text("Scheduled")

    with scene.bakery.inside():
        assert set(Delivery.objects.values_list("state", flat=True)) == {"due"}


def test_a_past_time_is_said_beside_what_was_typed(visit: Visiting, scene: Scene) -> None:
    there = visit(scene.bakery.ben, scene.at(scene.a_post()))

    there.page.locator(".composer-when").click()
    there.page.fill("#planned", "2020-03-08T09:00")
    there.page.keyboard.press("Escape")
    there.page.locator("#composer-foot button[value=schedule]").click()

    expect(there.page.locator("#composer-conflict")).to_contain_text("That time has passed")
    assert there.page.locator(CAPTION).input_value() == "Fresh at nine."
    there.forgive("422")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_the_composer(
    visit: Visiting, scene: Scene, language: str, theme: str
) -> None:
    User.objects.update(language=language)
    there = visit(scene.bakery.ben, scene.at(scene.a_post()), dark=theme == "dark")

    there.assert_accessible()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "place", ["posts/new/", "posts/", "review/", "library/", "post", "history"]
)
def test_no_page_of_the_desk_is_wider_than_a_phone(
    visit: Visiting, scene: Scene, place: str, language: str
) -> None:
    User.objects.update(language=language)
    post = scene.a_post("Fresh at nine. " * 12)
    home = f"/w/{scene.bakery.workspace.slug}/"
    path = {"post": scene.at(post), "history": f"{scene.at(post)}history/"}.get(place, home + place)
    there = visit(scene.bakery.ben, path, phone=True)

    there.assert_no_horizontal_scroll(360)
    there.assert_accessible()


def test_on_a_phone_the_tabs_are_a_list(visit: Visiting, scene: Scene) -> None:
    page = visit(scene.bakery.ben, scene.at(scene.a_post()), phone=True).page

    page.locator("[data-tab-select]").select_option(f"c{scene.shop.pk}")

    assert page.locator(f"#panel-c{scene.shop.pk}").is_visible()
    assert page.locator("#panel-s").is_hidden()


def test_words_typed_while_an_order_waits_behind_a_save_are_not_lost(
    visit: Visiting, scene: Scene
) -> None:
    """A person pressed a button while a save was under way and went on typing; the words went."""
    page = visit(scene.bakery.ben, scene.at(scene.a_post())).page

    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/posts/save/", slowly)

    page.locator(CAPTION).fill("One.")
    page.locator("#title").focus()  # a save leaves now, slowly
    page.wait_for_timeout(150)
    page.get_by_role("button", name="Add a part").click()  # waits behind it
    page.locator(CAPTION).fill("One. Two.")
    page.locator("#s-p1-caption").wait_for()

    expect(page.locator(CAPTION)).to_have_value("One. Two.")
    until(page, lambda: scene.kept().shared.parts[0].caption == "One. Two.")
