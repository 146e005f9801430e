"""Readings taken from the real practice network, and shown."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loa.channels.models import Channel
from loa.measure import actions, queries
from loa.measure.models import Reading, ReadingPlan
from loa.ops import clock, fence
from loa.publish.dispatcher import quotas
from loa.publish.models import QuotaUse
from practice_network.testing import Running
from tests.cast import a_channel, signed_in
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


def with_audience(scene: Scene, handle: str = "banhmi") -> Channel:
    """Connect an account that people follow, so that there is something to count."""
    opened = scene.practice.client.open_account(handle, followers=3000)
    return a_channel(
        scene.workspace,
        handle=handle,
        base_url=scene.practice.base_url,
        secret={"access_code": opened.access_code},
        facts={"idempotency": "native_key"},
    )


def read_at(scene: Scene, hours: int) -> int:
    """Let the network and us live some hours on, and take what is due."""
    scene.practice.client.set_clock(advance_s=hours * 3600)
    with clock.ahead(hours * HOUR):
        return actions.take_due_readings()


def test_a_delivered_post_is_read_when_its_time_comes(scene: Scene) -> None:
    [delivery] = scene.scheduled(with_audience(scene))
    work_off()
    assert actions.take_due_readings() == 0

    taken = read_at(scene, 6)

    values = queries.counts_of_post(again(delivery).post)[0].values
    assert taken == 1
    assert values["reach"] > 0
    assert {"likes", "replies", "reposts", "reach", "impressions"} <= set(values)


def test_reading_twice_counts_once(scene: Scene) -> None:
    scene.scheduled(with_audience(scene))
    work_off()
    actions.plan_new_readings()
    read_at(scene, 6)
    before = Reading.objects.in_workspace(scene.workspace).count()

    with clock.ahead(6 * HOUR):
        again_taken = actions.take_due_readings()

    assert again_taken == 0
    assert Reading.objects.in_workspace(scene.workspace).count() == before


def test_a_platform_in_trouble_is_asked_again_later_and_nothing_is_zero(scene: Scene) -> None:
    scene.scheduled(with_audience(scene))
    work_off()
    actions.plan_new_readings()
    scene.practice.client.add_fault("status", status=503, when="before", count=9)

    taken = read_at(scene, 6)

    plan = ReadingPlan.objects.in_workspace(scene.workspace).get()
    assert taken == 0
    assert plan.failure_code == "platform.trouble"
    assert plan.next_at is not None
    assert not Reading.objects.in_workspace(scene.workspace).exists()


def test_a_lost_channel_keeps_its_old_readings_and_gets_no_new_ones(scene: Scene) -> None:
    channel = with_audience(scene)
    scene.scheduled(channel)
    work_off()
    actions.plan_new_readings()
    Channel.objects.filter(pk=channel.pk).update(state="lost")

    assert read_at(scene, 6) == 0


def test_followers_are_read_for_the_channel_itself(scene: Scene) -> None:
    channel = with_audience(scene)

    actions.take_channel_readings()

    newest = queries.followers(channel)
    assert newest is not None
    assert newest.value == 3000


def test_the_fragments_show_what_was_read_and_say_what_was_not(scene: Scene) -> None:
    channel = with_audience(scene)
    [delivery] = scene.scheduled(channel)
    work_off()
    client, slug = signed_in(scene.ana), scene.workspace.slug
    unread = client.get(f"/w/{slug}/posts/{delivery.post_id}/readings/").content.decode()
    actions.plan_new_readings()
    read_at(scene, 6)
    read = client.get(f"/w/{slug}/posts/{delivery.post_id}/readings/").content.decode()
    result = client.get(f"/w/{slug}/channels/{channel.pk}/result/").content.decode()

    assert "unavailable" in unread
    assert "not yet" in unread
    assert read.count("unavailable") == 1  # it has no tracked link to click on
    assert 'class="chart' in result


def test_the_numbers_of_a_post_cost_a_fixed_number_of_queries(
    scene: Scene, django_assert_max_num_queries: object
) -> None:
    channels = [with_audience(scene, f"tiem{number}") for number in range(4)]
    [delivery, *_others] = scene.scheduled(*channels)
    work_off()
    actions.plan_new_readings()
    read_at(scene, 6)
    post = again(delivery).post

    with django_assert_max_num_queries(3):  # type: ignore[operator]  # a fixture
        counts = queries.counts_of_post(post)

    assert len(counts) == 4


def fill_quota(channel: Channel, *, looks: int) -> None:
    with fence.everywhere("use up a quota"):
        quotas.pay_looks(channel, looks, now=clock.now())


def used(channel: Channel) -> tuple[int, int]:
    """Return when the channel's quota was used last, in slices of time, and how much lately."""
    with fence.everywhere("see a quota"):
        use = QuotaUse.objects.get(channel=channel)
        return use.newest, sum(use.slices)


def test_what_is_asked_is_paid_for_also_when_it_failed(scene: Scene) -> None:
    channel = with_audience(scene)
    scene.scheduled(channel)
    work_off()
    actions.plan_new_readings()
    published_at, _ = used(channel)

    scene.practice.client.add_fault("status", status=503, when="before", count=1)
    assert read_at(scene, 6) == 0
    failed_at, failed = used(channel)
    assert failed_at > published_at
    assert failed == 1

    assert read_at(scene, 12) == 1
    read_again_at, read_again = used(channel)
    assert read_again_at > failed_at
    assert read_again == 1


def test_counts_wait_while_half_of_a_quota_is_used(scene: Scene) -> None:
    channel = with_audience(scene)
    [delivery] = scene.scheduled(channel)
    work_off()
    actions.plan_new_readings()
    with clock.ahead(6 * HOUR):
        fill_quota(channel, looks=50_000)

    waited = read_at(scene, 6)

    plan = ReadingPlan.objects.in_workspace(scene.workspace).get()
    assert waited == 0
    assert plan.failure_code == "rate.limited"
    assert plan.next_at is not None
    assert timedelta(0) < plan.next_at - clock.now() - 6 * HOUR <= timedelta(seconds=330)
    with clock.ahead(6 * HOUR + timedelta(seconds=330)):
        assert actions.take_due_readings() == 1
    assert queries.counts_of_post(again(delivery).post)[0].values["reach"] > 0
