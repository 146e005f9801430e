"""When a post goes out, as a person types it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from loa.content.rules.planned_time import PlannedTime
from loa.create import actions
from loa.create.tests.desk import Desk, a_desk
from loa.ops import clock
from loa.publish import actions as publish
from loa.publish.models import Delivery

SAIGON, BERLIN = "Asia/Ho_Chi_Minh", "Europe/Berlin"


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:  # noqa: ARG001 (opens the database)
    made = a_desk()
    with made.bakery.inside(), clock.at(datetime(2026, 3, 2, 2, tzinfo=UTC)):
        yield made


def test_a_local_time_is_the_workspaces_and_becomes_one_instant(desk: Desk) -> None:
    at = actions.read_local_time("2026-03-08T09:00", zone=SAIGON)

    actions.plan_post(desk.post, at=at, by=desk.bakery.ben)

    variant = desk.now.variants.get()
    assert variant.planned_at == datetime(2026, 3, 8, 2, tzinfo=UTC)
    assert (variant.planned_local, variant.planned_zone) == ("2026-03-08T09:00:00", SAIGON)


def test_a_time_that_the_clocks_skip_becomes_the_next_that_exists() -> None:
    at = actions.read_local_time("2026-03-29T02:30", zone=BERLIN)

    assert at == PlannedTime(datetime.fromisoformat("2026-03-29T03:00"), BERLIN)


def test_of_two_equal_times_the_first_is_meant() -> None:
    at = actions.read_local_time("2026-10-25T02:30", zone=BERLIN)

    assert at.instant() == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01T00:00", "2026-02-30T10:00"])
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(actions.NoSuchTime):
        actions.read_local_time(text, zone=SAIGON)


def test_a_past_time_is_refused_and_the_old_one_stays(desk: Desk) -> None:
    promised = desk.plan()
    past = actions.read_local_time("2026-03-01T09:00", zone=SAIGON)

    with pytest.raises(publish.PastTime):
        actions.plan_post(desk.post, at=past, by=desk.bakery.ben)

    assert desk.now.variants.get().planned == promised


def test_moving_a_scheduled_post_moves_its_delivery(desk: Desk) -> None:
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)

    later = actions.read_local_time("2026-03-09T09:00", zone=SAIGON)
    actions.plan_post(desk.post, at=later, by=desk.bakery.ben)

    assert Delivery.objects.get(post=desk.post).due_at == later.instant()


def test_taking_the_time_away_stops_what_was_scheduled(desk: Desk) -> None:
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)

    actions.plan_post(desk.post, at=None, by=desk.bakery.ben)

    assert Delivery.objects.get(post=desk.post).state == "cancelled"
    assert desk.now.variants.get().planned is None


def test_scheduling_without_a_time_says_so(desk: Desk) -> None:
    with pytest.raises(publish.NoTimeSet):
        actions.schedule_post(desk.post, by=desk.bakery.ben)


def test_sending_now_needs_no_time(desk: Desk) -> None:
    actions.send_now(desk.post, by=desk.bakery.ben)

    delivery = Delivery.objects.get(post=desk.post)
    assert delivery.urgent
    assert delivery.due_at == clock.now()
