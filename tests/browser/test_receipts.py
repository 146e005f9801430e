"""Deliveries as a person sees them: the log, receipts, and settling by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loa.ops import clock, fence, live
from loa.publish.dispatcher import Pace
from loa.publish.dispatcher.live_changes import work_off_changes
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.plugins.browser import Visit
from tests.publish.scene import Scene, a_scene, again, work_off

type Visiting = Callable[..., Visit]
LINK = "https://town.example/@bakery/1"


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def lost(scene: Scene) -> Delivery:
    """Send a post long enough ago whose answer was lost where nobody can be asked."""
    scene.practice.client.add_fault("drop", operation="create_post", when="after")
    with clock.at(clock.now() - timedelta(minutes=5)):
        [delivery] = scene.scheduled(scene.channel("mat", idempotency="none"))
        work_off(Pace())
    assert again(delivery).needs_person
    return delivery


def receipt_of(scene: Scene, delivery: Delivery) -> str:
    return f"/w/{scene.workspace.slug}/deliveries/{delivery.pk}/"


def in_language(scene: Scene, language: str) -> None:
    scene.ana.user.language = language
    scene.ana.user.save()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("phone", "dark"), [(True, False), (False, True), (False, False)])
def test_the_log_and_every_kind_of_receipt_are_for_everybody(
    visit: Visiting, scene: Scene, language: str, *, phone: bool, dark: bool
) -> None:
    in_language(scene, language)
    [live] = scene.scheduled(
        scene.channel("bac"),
        parts=["Bánh mì nóng đây!", "Còn đây là phần hai."],
        first_comment="Mời!",
    )
    work_off()
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)
    [failed] = scene.scheduled(scene.channel("nam"), text="Bánh tiêu")
    work_off()
    [waiting] = scene.scheduled(scene.channel("cho"), due_at=clock.now() + timedelta(hours=2))
    doubtful = lost(scene)

    seen = visit(scene.ana, f"/w/{scene.workspace.slug}/deliveries/", phone=phone, dark=dark)
    pages = {"live": live, "failed": failed, "waiting": waiting, "doubtful": doubtful}
    for name in ["log", *pages]:
        if name in pages:
            seen.go(receipt_of(scene, pages[name]))
        seen.assert_accessible()
        seen.assert_no_horizontal_scroll(360)


def test_an_uncertain_delivery_is_settled_as_live_by_keyboard(
    visit: Visiting, scene: Scene
) -> None:
    in_language(scene, "en")
    delivery = lost(scene)
    seen = visit(scene.ana, receipt_of(scene, delivery))
    field = seen.page.get_by_label("Link to the live post")
    field.focus()

    seen.page.keyboard.type("no link at all")
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_text("This is not the address of a page.")).to_be_visible()
    expect(field).to_have_value("no link at all")
    seen.assert_accessible()
    seen.forgive("422")

    field.fill(LINK)
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("link", name="Open the live post")).to_have_attribute("href", LINK)
    assert again(delivery).state == S.DELIVERED


def test_news_of_the_delivery_leave_alone_what_is_being_typed(
    visit: Visiting, scene: Scene
) -> None:
    in_language(scene, "en")
    delivery = lost(scene)
    seen = visit(scene.ana, receipt_of(scene, delivery))
    field = seen.page.get_by_label("Link to the live post")
    field.press_sequentially("https://town.exa")

    with (
        seen.page.expect_response(lambda answer: answer.url.endswith(f"/{delivery.pk}/")),
        fence.inside(scene.workspace.pk),
    ):
        live.announce(workspace_id=scene.workspace.pk, topic="delivery", subject_id=delivery.pk)
    seen.page.wait_for_timeout(500)

    expect(field).to_have_value("https://town.exa")
    expect(field).to_be_focused()


def test_an_uncertain_delivery_is_settled_as_not_live_by_keyboard_and_sent_again(
    visit: Visiting, scene: Scene
) -> None:
    in_language(scene, "en")
    delivery = lost(scene)
    seen = visit(scene.ana, receipt_of(scene, delivery))
    seen.page.get_by_role("button", name="Send it again").focus()

    seen.page.keyboard.press("Enter")

    expect(seen.page.get_by_text("Noted: it is not live. Loa sends it again now.")).to_be_visible()
    assert again(delivery).state == S.DUE


def test_a_receipt_shows_by_itself_how_it_went(visit: Visiting, scene: Scene) -> None:
    in_language(scene, "en")
    [delivery] = scene.scheduled(scene.channel())
    seen = visit(scene.ana, receipt_of(scene, delivery))
    expect(seen.page.get_by_text("It is due and goes out in a moment.")).to_be_visible()

    work_off()

    expect(seen.page.get_by_text("It is live: the platform confirmed it.")).to_be_visible(
        timeout=20_000
    )


def test_sending_is_paused_and_taken_back_by_its_toast(visit: Visiting, scene: Scene) -> None:
    in_language(scene, "en")
    seen = visit(scene.ana, f"/w/{scene.workspace.slug}/deliveries/")

    seen.page.get_by_role("button", name="Pause all sending").click()
    expect(seen.page.get_by_text("All sending is paused")).to_be_visible()
    seen.assert_accessible()
    seen.page.get_by_role("button", name="Undo").click()

    expect(seen.page.get_by_text("All sending is paused")).to_be_hidden()
    with fence.inside(scene.workspace.pk):
        scene.workspace.refresh_from_db()
    assert scene.workspace.sending_paused_at is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_live_gets_other_words_and_a_removal_is_taken_back(
    visit: Visiting, scene: Scene, language: str
) -> None:
    in_language(scene, language)
    change, save, remove, back = {
        "vi": ("Sửa bài đang hiển thị", "Sửa lời", "Gỡ bài", "Rút lại"),
        "en": ("Change what is live", "Change the words", "Take it down", "Take it back"),
    }[language]
    [delivery] = scene.scheduled(scene.channel())
    work_off()
    seen = visit(scene.ana, receipt_of(scene, delivery), phone=language == "vi")
    page = seen.page
    page.get_by_text(change).press("Enter")
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll(360)

    page.locator("textarea[name=caption]").fill("Bánh mì giòn đây!")
    page.get_by_role("button", name=save, exact=True).press("Enter")
    expect(page.locator("blockquote.said-words")).to_have_text("Bánh mì giòn đây!")
    seen.assert_accessible()
    with clock.ahead(timedelta(seconds=11)):
        work_off_changes()
    page.reload()
    expect(page.locator("#change-title")).to_have_count(0)
    expect(page.get_by_text("Bánh mì giòn đây!").first).to_be_visible()

    page.get_by_text(change).press("Enter")
    page.get_by_role("button", name=remove, exact=True).click()
    expect(page.locator("#change-title")).to_be_visible()
    page.get_by_role("button", name=back).click()
    expect(page.locator("#change-title")).to_have_count(0)
    events = [one["event"] for one in scene.practice.client.ledger()]
    assert events[-2:] == ["post_created", "post_edited"]
