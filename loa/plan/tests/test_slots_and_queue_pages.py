"""Slots and queues as pages: plain forms that say what happened."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.test import Client

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.ops import clock, fence
from loa.plan import actions
from loa.plan.models import ChannelPacing, Slot
from loa.plan.tests.planning import NOW, daily, planned_times
from loa.workspace.models import Workspace
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace()


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Bakery")


@pytest.fixture
def browser(bakery: Workspace) -> Client:
    return cast.signed_in(cast.the_owner(bakery))


def slots(channel: Channel) -> list[tuple[int, str]]:
    with fence.inside(channel.workspace_id):
        found = Slot.objects.filter(channel=channel).order_by("weekday", "local_time")
        return [(one.weekday, f"{one.local_time:%H:%M}") for one in found]


def test_a_time_is_added_on_several_days_at_once(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    answer = browser.post(
        f"/w/{bakery.slug}/slots/{channel.pk}/add/",
        {"weekday": ["0", "4"], "local_time": "19:30"},
    )

    assert answer.status_code == HTTPStatus.FOUND
    assert slots(channel) == [(0, "19:30"), (4, "19:30")]


@pytest.mark.parametrize(
    "sent",
    [
        {"weekday": [], "local_time": "19:30"},
        {"weekday": ["7"], "local_time": "19:30"},
        {"weekday": ["0"], "local_time": ""},
        {"weekday": ["0"], "local_time": "half past"},
    ],
)
def test_a_wrong_slot_is_refused_with_a_sentence(
    bakery: Workspace, channel: Channel, browser: Client, sent: dict[str, list[str] | str]
) -> None:
    answer = browser.post(f"/w/{bakery.slug}/slots/{channel.pk}/add/", sent)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'role="alert"' in answer.content.decode()
    assert slots(channel) == []


def test_a_removed_slot_can_be_put_back(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    daily(channel, "20:00")
    with fence.inside(bakery.pk):
        first = Slot.objects.get(weekday=0)

    browser.post(f"/w/{bakery.slug}/slots/remove/{first.pk}/")
    assert len(slots(channel)) == 6
    browser.post(f"/w/{bakery.slug}/slots/{channel.pk}/add/?weekday=0&local_time=20:00")

    assert len(slots(channel)) == 7


def test_pacing_is_set_and_nonsense_refused(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    page = f"/w/{bakery.slug}/slots/{channel.pk}/pacing/"

    wrong = browser.post(page, {"min_gap_minutes": "-5", "daily_cap": "0"})
    right = browser.post(page, {"min_gap_minutes": "90", "daily_cap": "3"})

    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert right.status_code == HTTPStatus.FOUND
    with fence.inside(bakery.pk):
        kept = ChannelPacing.objects.get(channel=channel)
        assert (kept.min_gap_minutes, kept.daily_cap) == (90, 3)


def test_one_channel_takes_over_the_week_of_another(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    other = cast.a_channel(bakery)
    daily(channel, "08:00")
    daily(other, "23:00")

    browser.post(f"/w/{bakery.slug}/slots/{other.pk}/copy/", {"source": str(channel.pk)})

    assert slots(other) == slots(channel)


def in_queue(workspace: Workspace, channel: Channel, count: int) -> list[Post]:
    posts = [cast.a_post(workspace, text=f"Mẻ {n}", channels=(channel,)) for n in range(count)]
    with fence.inside(workspace.pk):
        for post in posts:
            actions.add_to_queue(post, by=cast.the_owner(workspace))
    return posts


def variant(post: Post) -> int:
    with fence.inside(post.workspace_id):
        return Variant.objects.get(post=post).pk


def test_a_post_joins_the_queue_from_its_page(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    daily(channel, "20:00")
    post = cast.a_post(bakery, channels=(channel,))

    answer = browser.post(f"/w/{bakery.slug}/queue/add/{post.pk}/", headers=HTMX)

    assert answer.status_code == HTTPStatus.OK
    assert "toast" in answer.content.decode()
    assert planned_times(post) == {channel.pk: "16 20:00"}


def test_a_full_queue_names_the_channel(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,))

    answer = browser.post(f"/w/{bakery.slug}/queue/add/{post.pk}/", headers=HTMX)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Bakery" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_order_is_changed_with_and_without_scripts(
    bakery: Workspace, channel: Channel, browser: Client, headers: dict[str, str]
) -> None:
    daily(channel, "20:00")
    first, second = in_queue(bakery, channel, 2)

    browser.post(
        f"/w/{bakery.slug}/queue/{variant(second)}/move/", {"to": "earlier"}, headers=headers
    )

    assert planned_times(second) == {channel.pk: "16 20:00"}
    assert planned_times(first) == {channel.pk: "17 20:00"}


def test_a_post_is_taken_out_and_the_queue_moves_up(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    daily(channel, "20:00")
    first, second = in_queue(bakery, channel, 2)

    browser.post(f"/w/{bakery.slug}/queue/{variant(first)}/take-out/")
    page = browser.get(f"/w/{bakery.slug}/queue/").content.decode()
    browser.post(f"/w/{bakery.slug}/queue/channel/{channel.pk}/close-gaps/")

    assert "close-gaps" in page
    assert planned_times(first) == {}
    assert planned_times(second) == {channel.pk: "16 20:00"}


def test_the_composer_is_told_the_next_free_slots(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    daily(channel, "20:00")

    answer = browser.get(f"/w/{bakery.slug}/slots/next/", {"channel": str(channel.pk)})

    assert 'data-suggests="2026-11-16T20:00"' in answer.content.decode()


def test_the_composer_of_another_workspace_is_told_nothing(channel: Channel) -> None:
    daily(channel, "20:00")
    stranger = cast.omar()

    answer = cast.signed_in(stranger).get(
        f"/w/{stranger.workspace.slug}/slots/next/", {"channel": str(channel.pk)}
    )

    assert "data-suggests" not in answer.content.decode()
