"""Queues: each post gets a slot of its own, and keeps the order people gave it."""

from collections.abc import Iterator

import pytest

from loa.channels.models import Channel
from loa.content.models import Post, ReviewRule, Variant
from loa.ops import clock, fence
from loa.plan import actions, queries
from loa.plan.tests.planning import NOW, at, daily, planned_times, weekly
from loa.publish.models import Delivery
from loa.workspace.models import Member, Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    with clock.at(NOW):
        workspace = cast.a_workspace()
        with fence.inside(workspace.pk):
            yield workspace


@pytest.fixture
def by(bakery: Workspace) -> Member:
    return cast.the_owner(bakery)


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    channel = cast.a_channel(bakery)
    daily(channel, "08:00", "20:00")
    return channel


def variant(post: Post) -> Variant:
    return Variant.objects.select_related("channel", "workspace").get(post=post)


def queued(workspace: Workspace, by: Member, *channels: Channel, count: int = 1) -> list[Post]:
    posts = [cast.a_post(workspace, text=f"Loaf {n}", channels=channels) for n in range(count)]
    for post in posts:
        actions.add_to_queue(post, by=by)
    return posts


def times(posts: list[Post]) -> list[str]:
    return [one for post in posts for one in planned_times(post).values()]


def test_each_post_gets_the_next_free_slot(bakery: Workspace, by: Member, channel: Channel) -> None:
    posts = queued(bakery, by, channel, count=3)

    assert times(posts) == ["16 20:00", "17 08:00", "17 20:00"]
    assert Delivery.objects.filter(state="due").count() == 3


def test_each_channel_of_a_post_has_its_own_slot(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    other = cast.a_channel(bakery)
    weekly(other, (2, "12:00"))

    [post] = queued(bakery, by, channel, other)

    assert planned_times(post) == {channel.pk: "16 20:00", other.pk: "18 12:00"}


def test_a_channel_without_slots_is_named(bakery: Workspace, by: Member) -> None:
    bare = cast.a_channel(bakery, name="Bare")
    post = cast.a_post(bakery, channels=(bare,))

    with pytest.raises(actions.NoFreeSlot) as refusal:
        actions.add_to_queue(post, by=by)

    assert refusal.value.channels == (bare,)
    assert planned_times(post) == {}


def test_a_time_somebody_chose_by_hand_keeps_its_distance(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-16 20:30"))

    [post] = queued(bakery, by, channel)

    assert times([post]) == ["17 08:00"]


def test_the_daily_cap_sends_a_post_to_the_next_day(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    actions.set_pacing(channel, min_gap_minutes=60, daily_cap=1)

    posts = queued(bakery, by, channel, count=2)

    assert times(posts) == ["16 20:00", "17 08:00"]


def test_joining_the_queue_twice_changes_nothing(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    [post, _other] = queued(bakery, by, channel, count=2)

    actions.add_to_queue(post, by=by)

    assert times([post]) == ["16 20:00"]
    assert Delivery.objects.count() == 2


def test_a_post_that_needs_approval_keeps_its_slot_and_waits(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    ReviewRule.objects.create(workspace=bakery, mode="any")
    post = cast.a_post(bakery, channels=(channel,))

    answer = actions.add_to_queue(post, by=by)

    assert answer.waits_for_approval
    assert times([post]) == ["16 20:00"]
    assert not Delivery.objects.exists()
    assert Post.objects.get(pk=post.pk).wants_sending


def test_moving_up_trades_slots_with_the_neighbour(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    posts = queued(bakery, by, channel, count=3)

    changed = actions.move_in_queue(variant(posts[2]), steps=-1, by=by)

    assert times(posts) == ["16 20:00", "17 20:00", "17 08:00"]
    assert set(changed) == {variant(posts[1]).pk, variant(posts[2]).pk}
    due = Delivery.objects.get(post=posts[2]).due_at
    assert due == at("2026-11-17 08:00")
    assert all(variant(post).in_queue for post in posts)


def test_to_the_front_pushes_the_others_back(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    posts = queued(bakery, by, channel, count=3)

    actions.move_in_queue(variant(posts[2]), steps=-99, by=by)

    assert times(posts) == ["17 08:00", "17 20:00", "16 20:00"]


def test_a_post_taken_out_leaves_its_slot_free(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    posts = queued(bakery, by, channel, count=2)

    actions.take_out_of_queue(variant(posts[0]), by=by)

    assert times(posts) == ["17 08:00"]
    assert Delivery.objects.get(post=posts[0]).state == "cancelled"
    [next_free] = queries.next_free_slots(bakery, [channel.pk], now=NOW)[channel.pk]
    assert next_free.at == at("2026-11-16 20:00")


def test_a_post_taken_out_can_join_again(bakery: Workspace, by: Member, channel: Channel) -> None:
    [post] = queued(bakery, by, channel)
    actions.take_out_of_queue(variant(post), by=by)

    actions.add_to_queue(post, by=by)

    assert times([post]) == ["16 20:00"]
    assert Delivery.objects.get(post=post).state == "due"


def test_what_does_not_wait_is_refused(bakery: Workspace, by: Member, channel: Channel) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    with pytest.raises(actions.NotInQueue):
        actions.move_in_queue(variant(post), steps=1, by=by)
    with pytest.raises(actions.NotInQueue):
        actions.take_out_of_queue(variant(post), by=by)


def test_closing_gaps_moves_everything_up_in_order(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    posts = queued(bakery, by, channel, count=3)
    actions.take_out_of_queue(variant(posts[0]), by=by)

    actions.close_gaps(channel, by=by)

    assert times(posts) == ["16 20:00", "17 08:00"]


def test_a_disconnected_channel_gives_no_slot(
    bakery: Workspace, by: Member, channel: Channel
) -> None:
    Channel.objects.filter(pk=channel.pk).update(state="disconnected")
    post = cast.a_post(bakery, channels=(channel,))

    with pytest.raises(actions.NoFreeSlot):
        actions.add_to_queue(post, by=by)
