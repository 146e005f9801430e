"""After an outage: what goes out late, what asks first, and one decision for all of it."""

from datetime import time, timedelta

import pytest

from loa.ops import clock, fence
from loa.plan.actions import Choice, add_slot, settle_missed
from loa.plan.queries import missed_deliveries
from loa.publish import actions
from loa.publish.models import Delivery
from loa.publish.rules import lateness
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.today.queries.needs import count_needs, needs_of
from loa.today.rules.needs import Kind
from practice_network.testing import Running
from tests import cast
from tests.publish.scene import Scene, a_scene, again, work_off
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def planned(scene: Scene, *minutes_ahead: int, handle: str = "banhmi") -> list[Delivery]:
    channel, now = scene.channel(handle), clock.now()
    return [
        scene.scheduled(channel, text=f"{handle} {ahead}", due_at=now + ahead * MINUTE)[0]
        for ahead in minutes_ahead
    ]


def within(scene: Scene, minutes: int) -> None:
    with fence.inside(scene.workspace.pk):
        actions.set_lateness(scene.workspace, within=minutes * MINUTE, by=scene.ana)


def missed(scene: Scene, *minutes_ahead: int) -> list[Delivery]:
    """Plan some posts, and come back long after their times."""
    deliveries = planned(scene, *minutes_ahead)
    work_off(at=clock.now() + 8 * HOUR)
    return deliveries


def settle(scene: Scene, deliveries: list[Delivery], choice: Choice) -> None:
    with clock.ahead(8 * HOUR), fence.inside(scene.workspace.pk):
        settle_missed(scene.workspace, [one.pk for one in deliveries], choice=choice, by=scene.ana)


def test_the_workspace_says_how_late_is_too_late(scene: Scene) -> None:
    [early] = planned(scene, 10)
    within(scene, 240)
    [later] = planned(scene, 10, handle="xoi")

    work_off(at=clock.now() + 3 * HOUR)

    assert again(early).state == again(later).state == S.DELIVERED


def test_a_shorter_wait_holds_for_what_waits_already(scene: Scene) -> None:
    [delivery] = planned(scene, 10)
    within(scene, 5)

    work_off(at=clock.now() + 30 * MINUTE)

    assert (again(delivery).state, again(delivery).failure_code) == (S.FAILED, "late.missed")


def test_a_wait_that_nobody_offers_is_refused(scene: Scene) -> None:
    with fence.inside(scene.workspace.pk), pytest.raises(actions.NoSuchWait):
        actions.set_lateness(scene.workspace, within=7 * MINUTE, by=scene.ana)


def test_what_goes_out_late_by_itself_goes_out_apart(scene: Scene) -> None:
    planned(scene, 10, 20, 30)
    back = clock.now() + 45 * MINUTE

    work_off(at=back)
    first = len(scene.ledger())
    work_off(at=back + MINUTE)
    still = len(scene.ledger())
    work_off(at=back + 3 * MINUTE)

    assert (first, still, len(scene.ledger())) == (1, 1, 2)


def test_after_a_long_outage_today_has_one_line_for_all_of_it(scene: Scene) -> None:
    missed(scene, 10, 20, 30)

    with clock.ahead(8 * HOUR), fence.inside(scene.workspace.pk):
        needs = needs_of(scene.ana, now=clock.now())
        counted = count_needs(scene.ana, now=clock.now())

    assert [(one.kind, one.count) for one in needs if one.kind is not Kind.FREE_SLOTS] == [
        (Kind.LATE, 3)
    ]
    assert counted == 1


def test_sent_all_at_once_they_go_out_one_after_the_other_in_their_order(scene: Scene) -> None:
    deliveries = missed(scene, 10, 20, 30)

    settle(scene, list(reversed(deliveries)), Choice.SEND)
    back = clock.now() + 8 * HOUR
    work_off(at=back + MINUTE)
    first = scene.ledger()
    work_off(at=back + 2.5 * MINUTE)
    work_off(at=back + 5 * MINUTE)

    assert first == ["banhmi 10"]
    assert scene.ledger() == ["banhmi 10", "banhmi 20", "banhmi 30"]


def test_a_slot_is_given_to_each_and_never_twice(scene: Scene) -> None:
    deliveries = missed(scene, 10, 20)
    with fence.inside(scene.workspace.pk):
        for weekday in range(7):
            add_slot(deliveries[0].channel, weekday=weekday, local_time=time(20))

    settle(scene, deliveries, Choice.SLOT)

    times = {again(one).due_at for one in deliveries}
    assert len(times) == 2
    assert {again(one).state for one in deliveries} == {S.DUE}


def test_what_is_dropped_is_gone_from_the_list_and_stays_unsent(scene: Scene) -> None:
    deliveries = missed(scene, 10, 20)

    settle(scene, deliveries, Choice.DROP)
    work_off(at=clock.now() + 9 * HOUR)

    assert {again(one).state for one in deliveries} == {S.CANCELLED}
    assert scene.ledger() == []
    with fence.inside(scene.workspace.pk):
        assert not missed_deliveries(scene.workspace).exists()


def test_two_members_who_decide_at_once_send_it_once(scene: Scene) -> None:
    deliveries = missed(scene, 10)

    outcomes = at_once(
        lambda: settle(scene, deliveries, Choice.SEND),
        lambda: settle(scene, deliveries, Choice.SEND),
        lambda: settle(scene, deliveries, Choice.DROP),
    )
    work_off(at=clock.now() + 8 * HOUR + MINUTE)

    assert outcomes == [None, None, None]
    assert len(scene.ledger()) <= 1
    assert again(deliveries[0]).state in {S.DELIVERED, S.CANCELLED}


def test_missed_posts_keep_their_distance_but_not_for_ever() -> None:
    now = clock.now()
    times = [now - 9 * HOUR, now - 9 * HOUR + MINUTE, now - 3 * HOUR]

    assert lateness.spaced(times, now=now) == (now, now + MINUTE, now + 3 * MINUTE)


def test_the_page_lists_them_and_settles_what_is_ticked(scene: Scene) -> None:
    first, second = missed(scene, 10, 20)
    ana, ben = cast.signed_in(scene.ana), cast.signed_in(cast.ben(scene.workspace))
    page = f"/w/{scene.workspace.slug}/missed/"

    shown = ana.get(page).content.decode()
    ana.post(f"{page}settle/", {"choice": "drop", "delivery": [str(first.pk)]})
    nothing = ana.post(f"{page}settle/", {"choice": "drop"}, follow=True).content.decode()
    seen_by_ben = ben.get(page).content.decode()
    refused = ben.post(f"{page}settle/", {"choice": "drop", "delivery": [str(second.pk)]})

    assert shown.count('name="delivery"') == 2
    assert (again(first).state, again(second).state) == (S.CANCELLED, S.FAILED)
    assert "Tick at least one post" in nothing
    assert "checkbox" not in seen_by_ben
    assert refused.status_code == 403
