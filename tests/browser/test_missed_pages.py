"""After an outage, in a real browser: a decision about what was missed, and how late is late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loa.ops import clock
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.cast import read_again
from tests.plugins.browser import Visit
from tests.publish.scene import Scene, a_scene, again, work_off

type Visiting = Callable[..., Visit]
WORDS = {
    "vi": ("Đăng ngay", "Bỏ", "Không lỡ bài nào", "Lưu"),
    "en": ("Send now", "Drop", "Nothing was missed", "Save"),
}


@pytest.fixture(params=["vi", "en"])
def scene(request: pytest.FixtureRequest, practice: Running) -> Scene:
    made = a_scene(practice)
    made.ana.user.language = request.param
    made.ana.user.save()
    return made


def missed(scene: Scene) -> list[Delivery]:
    channel = scene.channel()
    with clock.ahead(timedelta(hours=-8)):
        deliveries = [
            scene.scheduled(channel, text=text, due_at=clock.now())[0] for text in ("xôi", "chè")
        ]
    work_off()
    return deliveries


def test_what_was_missed_is_sent_or_dropped_on_one_page(visit: Visiting, scene: Scene) -> None:
    sent, dropped = missed(scene)
    send, drop, nothing, _save = WORDS[scene.ana.user.language]
    vietnamese = scene.ana.user.language == "vi"
    seen = visit(scene.ana, f"/w/{scene.workspace.slug}/today/", phone=vietnamese, dark=vietnamese)
    page = seen.page
    page.locator("a[href$='/missed/']").first.click()
    expect(page.locator("#missed .row")).to_have_count(2)
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()

    page.locator(f"#missed-{dropped.pk}").uncheck()
    page.get_by_role("button", name=send).click()
    expect(page.locator("#missed .row")).to_have_count(1)
    page.get_by_role("button", name=drop, exact=True).click()

    expect(page.get_by_text(nothing)).to_be_visible()
    work_off(at=clock.now() + timedelta(minutes=5))
    assert again(sent).state == S.DELIVERED
    assert not again(dropped).needs_person
    assert len(scene.ledger()) == 1


def test_how_late_is_too_late_is_chosen_by_keyboard(visit: Visiting, scene: Scene) -> None:
    vietnamese = scene.ana.user.language == "vi"
    seen = visit(scene.ana, f"/w/{scene.workspace.slug}/deliveries/late/", phone=vietnamese)
    page, save = seen.page, WORDS[scene.ana.user.language][-1]
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()

    page.locator("#lateness input[name=minutes]").first.focus()
    page.keyboard.press("End")
    page.locator("#lateness input[name=minutes]").last.press("Space")
    wanted = int(str(page.locator("#lateness input[name=minutes]:checked").get_attribute("value")))
    page.get_by_role("button", name=save).press("Enter")

    expect(page.locator(".toast").first).to_be_visible()
    assert read_again(scene.workspace).sends_late_within == timedelta(minutes=wanted)
