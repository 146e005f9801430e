"""Today as a page, and the command palette."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client

from loa.channels.models import Channel
from loa.content.models import Campaign
from loa.measure.models import Reading
from loa.ops import clock, fence
from loa.plan.tests.planning import NOW, at, daily
from loa.publish.actions import schedule_post
from loa.publish.models import Delivery
from loa.workspace.models import Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace(owner=cast.a_person("Ana Lê", language="vi"))


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Tiệm bánh")


@pytest.fixture
def browser(bakery: Workspace) -> Client:
    return cast.signed_in(cast.the_owner(bakery))


def today(browser: Client, workspace: Workspace) -> str:
    page = browser.get(f"/w/{workspace.slug}/today/")
    assert page.status_code == HTTPStatus.OK
    return page.content.decode()


def test_a_new_workspace_is_taught_its_first_three_steps(
    bakery: Workspace, browser: Client
) -> None:
    text = today(browser, bakery)

    assert "Ba bước tới bài đầu tiên" in text
    assert text.count("step-done") == 0


def test_the_steps_go_away_one_by_one(bakery: Workspace, browser: Client) -> None:
    channel = cast.a_channel(bakery)
    assert today(browser, bakery).count("step-done") == 1

    daily(channel, "20:00")
    cast.a_post(bakery, channels=(channel,))
    assert "Ba bước" not in today(browser, bakery)


def test_the_day_is_greeted_with_its_moon(bakery: Workspace, browser: Client) -> None:
    """16 November 2026 is the 8th of the tenth month."""
    text = today(browser, bakery)

    assert "Chào Ana Lê, Thứ Hai 16 tháng 11" in text
    assert "8 tháng Mười âm lịch" in text


def test_the_eve_of_the_full_moon_is_told(bakery: Workspace, browser: Client) -> None:
    with clock.at(at("2026-11-22 09:00")):
        assert "mai là rằm" in today(browser, bakery)
    with clock.at(at("2026-11-23 09:00")):
        assert "hôm nay là rằm" in today(browser, bakery)


def test_what_goes_out_today_stands_with_the_free_slots_in_order_of_time(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    daily(channel, "12:00", "20:00")
    post = cast.a_post(bakery, text="Phin", channels=(channel,), due_at=at("2026-11-16 15:00"))
    with fence.inside(bakery.pk):
        schedule_post(post, by=cast.the_owner(bakery))

    text = today(browser, bakery)

    times = [text.index(f">{time}<") for time in ("12:00", "15:00", "20:00")]
    assert times == sorted(times)
    assert "1 bài sẽ lên hôm nay" in text


def test_the_week_says_what_its_numbers_rest_on(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-16 15:00"))
    with fence.inside(bakery.pk):
        [delivery] = schedule_post(post, by=cast.the_owner(bakery))
        Delivery.objects.filter(pk=delivery.pk).update(
            state="delivered", external_id="1", delivered_at=NOW
        )
        for metric, value in (("likes", 1200), ("replies", 34)):
            Reading.objects.create(
                workspace=bakery,
                channel=channel,
                delivery=delivery,
                metric=metric,
                value=value,
                taken_at=NOW + timedelta(minutes=5),
            )

    text = today(browser, bakery)

    assert "1 trên 1" in text
    assert "1.234" in text
    assert "Số liệu của 1 trên 1 lượt đã đăng" in text
    assert "Không có" in text or "không có" in text  # reach is unavailable, not 0


def test_there_is_no_week_before_anything_was_delivered(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-16 15:00"))

    assert 'id="week"' not in today(browser, bakery)


@pytest.mark.parametrize("part", ["on-air", "needs"])
def test_each_part_can_be_redrawn_by_itself(
    bakery: Workspace, channel: Channel, browser: Client, part: str
) -> None:
    daily(channel, "20:00")

    answer = browser.get(f"/w/{bakery.slug}/today/{part}/", headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert text.strip().startswith(f'<section class="card" id="{part}"')
    assert "<html" not in text


def go(browser: Client, workspace: Workspace, asked: str, *, page: bool = False) -> str:
    headers = {} if page else {"HX-Request": "true"}
    return browser.get(f"/w/{workspace.slug}/go/", {"q": asked}, headers=headers).content.decode()


@pytest.mark.usefixtures("channel")
def test_the_palette_finds_without_diacritics(bakery: Workspace, browser: Client) -> None:
    with fence.inside(bakery.pk):
        Campaign.objects.create(workspace=bakery, name="Mùa rang mới", created_at=NOW)

    assert "Tiệm bánh" in go(browser, bakery, "tiem banh")
    assert "Tiệm bánh" in go(browser, bakery, "TIỆM")
    assert "Mùa rang mới" in go(browser, bakery, "mua rang")
    assert "Tiệm bánh" not in go(browser, bakery, "pizza")


def test_the_palette_finds_a_day(bakery: Workspace, browser: Client) -> None:
    assert "on=2026-12-24" in go(browser, bakery, "24/12")
    assert "on=2026-11-17" in go(browser, bakery, "mai")


def test_the_palette_offers_only_what_the_member_may_do(bakery: Workspace) -> None:
    owner = cast.signed_in(cast.the_owner(bakery))
    viewer = cast.signed_in(cast.a_member(bakery, "viewer"))

    assert "/slots/" in go(owner, bakery, "slot")
    assert "/slots/" not in go(viewer, bakery, "slot")


@pytest.mark.usefixtures("channel")
def test_the_palette_is_a_page_without_scripts(bakery: Workspace, browser: Client) -> None:
    text = go(browser, bakery, "tiem", page=True)

    assert "<html" in text
    assert 'value="tiem"' in text
    assert "Tiệm bánh" in text


@pytest.mark.parametrize("asked", ["%", "_", "' OR 1=1 --", "\x00", "a" * 5000, "<script>"])
@pytest.mark.usefixtures("channel")
def test_the_palette_takes_whatever_is_typed(
    bakery: Workspace, browser: Client, asked: str
) -> None:
    answer = browser.get(f"/w/{bakery.slug}/go/", {"q": asked})

    assert answer.status_code == HTTPStatus.OK
    assert "<script>" not in answer.content.decode()
