"""The calendar and Today in a real browser: by keyboard, by drag, on a phone, in both languages."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.planned_time import planned
from loa.ops import clock, fence
from loa.plan.tests.planning import daily
from loa.workspace.models import Workspace
from tests import cast
from tests.plugins.browser import Visit

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
type Opens = Callable[..., Visit]


@pytest.fixture
def bakery(site: str) -> Workspace:  # noqa: ARG001 (its rows are visible to the site)
    return cast.a_workspace("Tiệm bánh", owner=cast.a_person("Ana Lê", language="vi"))


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    channel = cast.a_channel(bakery, name="Cà phê Bến")
    daily(channel, "20:00")
    return channel


def next_monday() -> datetime:
    """Return next Monday, 09:00 in Saigon: a week that is all still to come."""
    now = clock.now().astimezone(ZONE)
    day = (now + timedelta(days=7 - now.weekday())).date()
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)


def a_planned_post(
    workspace: Workspace, channel: Channel, text: str = "Phin chảy chậm", days: int = 0
) -> Post:
    return cast.a_post(
        workspace,
        title="",
        text=text,
        channels=(channel,),
        due_at=next_monday() + timedelta(days=days),
    )


def local_time(post: Post) -> datetime:
    with fence.inside(post.workspace_id):
        at = Variant.objects.get(post=post).planned_at
    assert at is not None
    return at.astimezone(ZONE)


def address(workspace: Workspace, view: str = "week") -> str:
    return f"/w/{workspace.slug}/calendar/?view={view}&on={next_monday():%Y-%m-%d}"


def day(days: int) -> str:
    return f"#day-{next_monday() + timedelta(days=days):%Y-%m-%d}"


def card(page: Page) -> str:
    return str(page.locator("[data-card]").first.evaluate("card => '#' + card.id"))


def test_a_card_is_dragged_to_another_day_and_back_by_undo(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    post = a_planned_post(bakery, channel)
    page = visit(cast.the_owner(bakery), address(bakery)).page

    start = page.locator(card(page)).bounding_box()
    target = page.locator(day(2)).bounding_box()
    assert start
    assert target
    page.mouse.move(start["x"] + 30, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + 300, steps=8)
    expect(page.locator(f"{day(2)}[data-drop]")).to_be_visible()
    page.mouse.up()

    expect(page.locator(f"{day(2)} [data-card]")).to_have_count(1)
    expect(page.locator(f"{day(0)} [data-card]")).to_have_count(0)
    assert local_time(post) == next_monday() + timedelta(days=2)

    page.locator(".toast").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(f"{day(0)} [data-card]")).to_have_count(1)
    assert local_time(post) == next_monday()


def test_a_card_dropped_on_a_free_slot_takes_its_time(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    post = a_planned_post(bakery, channel)
    page = visit(cast.the_owner(bakery), address(bakery)).page

    page.locator(card(page)).hover()
    page.mouse.down()
    slot = page.locator(f"{day(1)} [data-slot]").bounding_box()
    assert slot
    page.mouse.move(slot["x"] + 20, slot["y"] + 10, steps=8)
    page.mouse.up()

    expect(page.locator(f"{day(1)} [data-card]")).to_have_count(1)
    assert local_time(post) == next_monday().replace(hour=20) + timedelta(days=1)


def test_escape_lets_a_dragged_card_go(visit: Opens, bakery: Workspace, channel: Channel) -> None:
    post = a_planned_post(bakery, channel)
    page = visit(cast.the_owner(bakery), address(bakery)).page

    page.locator(card(page)).hover()
    page.mouse.down()
    target = page.locator(day(3)).bounding_box()
    assert target
    page.mouse.move(target["x"] + 40, target["y"] + 60, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()

    assert page.locator(".drag-ghost").count() == 0
    assert local_time(post) == next_monday()


def test_the_keyboard_moves_a_card_a_day_and_keeps_the_focus_on_it(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    post = a_planned_post(bakery, channel)
    page = visit(cast.the_owner(bakery), address(bakery)).page

    page.keyboard.press("j")
    page.keyboard.press("Alt+ArrowRight")

    expect(page.locator(f"{day(1)} [data-card]")).to_have_count(1)
    assert local_time(post) == next_monday() + timedelta(days=1)
    expect(page.locator(f"{day(1)} [data-card] :focus")).to_have_count(1)


def test_a_key_pressed_before_the_page_has_settled_moves_the_card_in_place(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    post = a_planned_post(bakery, channel)
    visitor = visit(cast.the_owner(bakery))
    page = visitor.page
    # A busy machine: what scripts put off to their next turn comes late.
    page.add_init_script(
        "const soon = setTimeout; setTimeout = (run, ms, ...rest) => soon(run, ms || 800, ...rest)"
    )
    visitor.go(address(bakery))

    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.keyboard.press("j")
        page.keyboard.press("Alt+ArrowRight")

    assert answered.value.request.resource_type == "fetch"
    expect(page.locator(f"{day(1)} [data-card] :focus")).to_have_count(1)
    assert local_time(post) == next_monday() + timedelta(days=1)


def test_a_long_state_stays_within_its_card(visit: Opens) -> None:
    harbour = cast.a_workspace("Harbour", owner=cast.a_person("Lan Vo", language="en"))
    post = a_planned_post(harbour, cast.a_channel(harbour))
    with fence.inside(harbour.pk):
        Post.objects.filter(pk=post.pk).update(review=Post.Review.REQUESTED)
    page = visit(cast.the_owner(harbour), address(harbour), language="en-GB").page

    expect(page.locator("[data-card] .chip")).to_contain_text("Waiting for approval")
    assert page.locator(card(page)).evaluate("card => card.scrollWidth <= card.clientWidth")


def test_the_form_is_opened_and_sent_by_keyboard(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    post = a_planned_post(bakery, channel)
    page = visit(cast.the_owner(bakery), address(bakery)).page

    page.keyboard.press("j")
    expect(page.locator("[data-card] :focus")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.locator("#move")).to_be_visible()
    wanted = next_monday().replace(hour=11, minute=45) + timedelta(days=4)
    page.locator("#move [name=planned]").fill(f"{wanted:%Y-%m-%dT%H:%M}")
    page.keyboard.press("Enter")

    expect(page.locator("#move")).to_be_hidden()
    expect(page.locator(f"{day(4)} [data-card]")).to_contain_text("11:45")
    expect(page.locator(f"{day(4)} [data-card] :focus")).to_have_count(1)
    assert local_time(post) == wanted


def test_a_past_time_is_refused_inside_the_dialog(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    post = a_planned_post(bakery, channel)
    there = visit(cast.the_owner(bakery), address(bakery))
    page = there.page

    page.keyboard.press("j")
    expect(page.locator("[data-card] :focus")).to_have_count(1)
    page.keyboard.press("m")
    page.locator("#move [name=planned]").fill("2020-01-01T08:00")
    page.locator("#move form").evaluate("form => { form.noValidate = true; }")
    page.locator("#move").get_by_role("button", name="Dời", exact=True).click()

    expect(page.locator("#move")).to_contain_text("Giờ này đã qua")
    assert page.locator("#move [name=planned]").input_value() == "2020-01-01T08:00"
    assert local_time(post) == next_monday()
    there.forgive("409")


def test_filters_are_chosen_and_stay_in_the_address(
    visit: Opens, bakery: Workspace, channel: Channel
) -> None:
    other = cast.a_channel(bakery, name="Hội phin chậm")
    a_planned_post(bakery, channel, "Của Bến")
    a_planned_post(bakery, other, "Của hội")
    page = visit(cast.the_owner(bakery), address(bakery)).page

    page.get_by_role("button", name="Mọi kênh").click()
    page.locator("#filters").get_by_label("Hội phin chậm").check()
    page.locator("#filters").get_by_role("button", name="Hiện", exact=True).click()

    expect(page.locator("[data-card]")).to_have_count(1)
    expect(page.locator("[data-card]")).to_contain_text("Của hội")
    page.get_by_role("link", name="Tháng", exact=True).click()
    expect(page).to_have_url(re.compile(f"channel={other.pk}"))


def test_a_week_with_a_clock_change_shows_its_seven_days(visit: Opens, site: str) -> None:  # noqa: ARG001 (idem)
    new_york = cast.a_workspace("NYC", time_zone="America/New_York", language="en")
    channel = cast.a_channel(new_york)
    daily(channel, "02:30")
    page = visit(
        cast.the_owner(new_york), f"/w/{new_york.slug}/calendar/?view=week&on=2027-03-14"
    ).page

    assert page.locator("[data-day]").count() == 7
    expect(page.locator("#day-2027-03-13 [data-slot]")).to_have_attribute("data-slot", "02:30")
    expect(page.locator("#day-2027-03-14 [data-slot]")).to_have_attribute("data-slot", "03:00")
    assert planned(datetime(2027, 3, 14, 7, tzinfo=ZoneInfo("UTC")), "America/New_York")


@pytest.mark.parametrize(("language", "theme"), [("vi", "light"), ("en", "dark")])
@pytest.mark.parametrize(
    "path", ["calendar/?view=week", "calendar/?view=month", "calendar/?view=list", "today/"]
)
def test_everybody_can_use_the_calendar_and_today(
    visit: Opens, channel: Channel, language: str, theme: str, path: str
) -> None:
    bakery = channel.workspace
    owner = cast.the_owner(bakery)
    owner.user.language = language
    owner.user.save()
    soon = clock.now() + timedelta(hours=2)
    for minutes in (0, 20):
        due_at = soon + timedelta(minutes=minutes)
        cast.a_post(bakery, text=f"Phin {minutes}", channels=(channel,), due_at=due_at)
    cast.a_post(bakery, channels=(channel,), due_at=clock.now() - timedelta(hours=20))

    there = visit(owner, f"/w/{bakery.slug}/{path}", dark=theme == "dark")

    there.assert_accessible()
    there.assert_no_horizontal_scroll(360)


@pytest.mark.parametrize("path", ["slots/", "queue/", "calendar/links/", "go/?q=ca"])
def test_the_smaller_pages_fit_a_phone_and_everybody(
    visit: Opens, bakery: Workspace, channel: Channel, path: str
) -> None:
    a_planned_post(bakery, channel)
    cast.a_post(bakery, channels=(channel,))

    there = visit(cast.the_owner(bakery), f"/w/{bakery.slug}/{path}", phone=True)

    there.assert_accessible()
    there.assert_no_horizontal_scroll(360)


def test_the_palette_goes_to_a_day(visit: Opens, bakery: Workspace, channel: Channel) -> None:
    a_planned_post(bakery, channel)
    page = visit(cast.the_owner(bakery), f"/w/{bakery.slug}/today/").page

    page.keyboard.press("Control+k")
    page.keyboard.type("24/12")
    expect(page.locator("#palette-list [data-found]").first).to_contain_text("24 tháng 12")
    page.locator("#palette-list [data-found] a").first.click()

    expect(page.locator("[data-day]").first).to_be_visible()
    expect(page).to_have_url(re.compile("-12-24"))
