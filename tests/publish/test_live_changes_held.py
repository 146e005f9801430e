"""Who holds a change of what is live: quotas, leases, frozen workers, waits that are asked for."""

from datetime import timedelta
from typing import Any

import pytest

from loa.connectors.errors import NotSent
from loa.ops import clock, fence
from loa.publish.dispatcher import live_changes as live
from loa.publish.dispatcher.opening import OpenChannels, Opened
from loa.publish.dispatcher.work import Work
from loa.publish.models import Delivery, LiveChange
from loa.publish.rules.live_changes import ChangeState
from practice_network.testing import Running
from tests.publish.living import a_live_one, edit, events, later, remove, state_of
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def test_what_waits_for_a_quota_is_put_off_one_by_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = scene.channel()
    made = [scene.scheduled(channel, text=f"bài {number}")[0] for number in range(3)]
    work_off()
    for delivery in made:
        remove(scene, again(delivery))
    asked: list[str] = []
    tomorrow = clock.now() + timedelta(days=1)

    def no_room_twice(*_said: object, **_more: object) -> object:
        asked.append("asked")
        if len(asked) == len(made):
            raise ConnectionAbortedError("the database went away")
        return tomorrow

    monkeypatch.setattr(live, "pay", no_room_twice)
    with pytest.raises(ConnectionAbortedError):
        later()

    with fence.inside(scene.workspace.pk):
        assert LiveChange.objects.filter(ready_at=tomorrow).count() == 2


def test_a_worker_that_lost_its_lease_writes_nothing_over_the_next_ones_claim(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = a_live_one(scene)
    change = edit(scene, delivery, "Bánh mì giòn đây!")
    asks = live._ask_platform
    taken_over: list[LiveChange] = []

    def too_slow(*said: Any) -> object:
        if taken_over:
            return asks(*said)
        with clock.ahead(live.LEASE * 2):
            by_another = live._claim_next(clock.now())
        assert isinstance(by_another, LiveChange)
        taken_over.append(by_another)
        raise NotSent("it took too long", platform="sandbox", code="network.timeout")

    monkeypatch.setattr(live, "_ask_platform", too_slow)
    later()
    live._make(taken_over[0], clock.monotonic_s() + 60)

    assert state_of(scene, change) == ChangeState.DONE
    assert again(delivery).edited_at


def test_a_worker_that_was_frozen_changes_nothing_when_it_wakes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = a_live_one(scene)
    edit(scene, delivery, "cũ rồi")
    opens = OpenChannels.open
    awake = clock.monotonic_s

    def freezes(self: OpenChannels, work: Work) -> Opened:
        opened = opens(self, work)
        slept_s = live.LEASE.total_seconds() + 1
        monkeypatch.setattr(clock, "monotonic_s", lambda: awake() + slept_s)
        return opened

    monkeypatch.setattr(OpenChannels, "open", freezes)
    later()

    assert events(scene, "post_edited") == []


def test_a_comment_that_turns_out_to_be_live_later_comes_down_after_its_post(
    scene: Scene,
) -> None:
    scene.practice.client.add_fault("drop", operation="create_post", when="after", skip=1)
    delivery = a_live_one(scene, first_comment="Đặt ở đây nhé")
    [post, comment] = [one["subject"] for one in scene.practice.client.posts_in_ledger()]
    remove(scene, delivery)
    later()
    assert [one["subject"] for one in events(scene, "post_deleted")] == [post]

    work_off(at=clock.now() + timedelta(minutes=5))
    later(timedelta(minutes=6))

    assert [one["subject"] for one in events(scene, "post_deleted")] == [post, comment]
    with fence.inside(scene.workspace.pk):
        assert Delivery.all_work.get(after=delivery).removed_at


def test_a_platform_that_asks_to_wait_is_asked_once_for_all_changes_of_a_channel(
    scene: Scene,
) -> None:
    channel = scene.channel()
    made = [scene.scheduled(channel, text=f"bài {number}")[0] for number in range(3)]
    work_off()
    for delivery in made:
        remove(scene, again(delivery))
    fault = scene.practice.client.add_fault(
        "rate_limit", operation="delete_post", retry_after_s=60, count=None
    )

    later()
    [struck] = [one["struck"] for one in scene.practice.client.faults() if one["id"] == fault]
    scene.practice.client.clear_faults()
    later(timedelta(seconds=30))
    held = len(events(scene, "post_deleted"))
    later(timedelta(seconds=90))

    assert (struck, held) == (1, 0)
    assert len(events(scene, "post_deleted")) == 3
