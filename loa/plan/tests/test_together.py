"""Many posts at once: each by the action for one, refusals listed, everything undone."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.channels.models import Channel
from loa.content.actions.campaigns import add_campaign
from loa.content.models import Post, ReviewRule, Variant
from loa.content.rules.document import Document, Part
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.revisions import PostState
from loa.create.actions import create_post, plan_post, schedule_post, set_review_rule
from loa.ops import clock, fence
from loa.plan import actions
from loa.plan.actions import Before, Together
from loa.plan.rules.shifting import Shift, ToDay
from loa.plan.tests.planning import NOW, daily, inside, local, planned_times
from loa.publish.actions import AlreadyDelivered, PastTime
from loa.publish.models import Delivery
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel
from tests.questions import asks_at_most
from tests.races import at_once

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


@pytest.fixture
def bakery() -> Bakery:
    with clock.at(NOW):
        return riverside_bakery()


@pytest.fixture
def channel(bakery: Bakery) -> Channel:
    return a_channel(bakery.workspace)


def a_planned(bakery: Bakery, channel: Channel, when: str = "", text: str = "Loaf.") -> Post:
    state = PostState(title=text, shared=Document((Part(text),)), own={channel.pk: None})
    post = create_post(bakery.ben, state=state)
    if when:
        plan_post(post, at=local(when), by=bakery.ben)
    return post


def live(post: Post) -> None:
    schedule_post(post, by=post.written_by)
    Delivery.objects.filter(post=post).update(state="delivered", external_id="7")


def before_of(together: Together) -> list[Before]:
    return [
        Before(
            one.post.pk,
            one.formerly,
            one.campaign_id,
            one.post.campaign_id,
            one.was_waiting,
            one.was_asked,
        )
        for one in together.done
    ]


def test_days_keep_the_local_time_and_hours_are_real_hours() -> None:
    night = PlannedTime(datetime.fromisoformat("2026-03-07T02:30"), NEW_YORK)

    assert Shift(days=2).of(night).local.isoformat() == "2026-03-09T02:30:00"
    assert Shift(days=1).of(night).was_skipped
    assert Shift(hours=24).of(night).local.isoformat() == "2026-03-08T03:30:00"
    assert ToDay(date(2026, 5, 1)).of(night).local.isoformat() == "2026-05-01T02:30:00"


@given(
    at=st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-31")),
    days=st.integers(-300, 300),
    zone=st.sampled_from([NEW_YORK, "Asia/Ho_Chi_Minh", "Australia/Lord_Howe"]),
)
def test_shifting_there_and_back_is_the_same_local_time(at: datetime, days: int, zone: str) -> None:
    before = PlannedTime(at.replace(microsecond=0), zone)

    assert Shift(days=-days).of(Shift(days=days).of(before)).local == before.local


def test_moving_many_lists_what_stays_and_why(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        one = a_planned(bakery, channel, "2026-11-17 20:00")
        two = a_planned(bakery, channel, "2026-11-18 08:00")
        loose = a_planned(bakery, channel)
        out = a_planned(bakery, channel, "2026-11-19 08:00")
        live(out)

        moved = actions.move_together(
            [one.pk, two.pk, loose.pk, out.pk, 10**9], change=Shift(days=7), by=bakery.ben
        )

        assert [done.post for done in moved.done] == [one, two]
        assert [type(refused.why) for refused in moved.refused] == [
            actions.NoTimeYet,
            AlreadyDelivered,
            actions.NothingToMove,
        ]
        assert planned_times(one)[channel.pk] == "24 20:00"
        assert planned_times(two)[channel.pk] == "25 08:00"
        assert planned_times(out)[channel.pk] == "19 08:00"


def test_a_scheduled_post_goes_out_at_the_new_time_and_undo_brings_it_back(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        post = a_planned(bakery, channel, "2026-11-17 20:00")
        schedule_post(post, by=bakery.ben)
        before = Delivery.objects.get(post=post).due_at

        moved = actions.move_together([post.pk], change=ToDay(date(2026, 11, 20)), by=bakery.ben)
        assert Delivery.objects.get(post=post).due_at == before + timedelta(days=3)
        refused = actions.undo_moves(before_of(moved), by=bakery.ben)

        assert not refused
        assert Delivery.objects.get(post=post).due_at == before


def test_nothing_is_moved_into_the_past(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        post = a_planned(bakery, channel, "2026-11-17 20:00")

        moved = actions.move_together([post.pk], change=Shift(days=-3), by=bakery.ben)

        assert isinstance(moved.refused[0].why, PastTime)
        assert planned_times(post)[channel.pk] == "17 20:00"


def test_undo_spares_what_a_colleague_moved_meanwhile(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        posts = [a_planned(bakery, channel, f"2026-11-1{day} 20:00") for day in (7, 8)]
        moved = actions.move_together(
            [post.pk for post in posts], change=Shift(days=1), by=bakery.ben
        )
        plan_post(posts[0], at=local("2026-11-25 12:00"), by=bakery.ana)

        [refused] = actions.undo_moves(before_of(moved), by=bakery.ben)

        assert refused.post == posts[0]
        assert planned_times(posts[0])[channel.pk] == "25 12:00"
        assert planned_times(posts[1])[channel.pk] == "18 20:00"


def test_queueing_many_gives_each_its_own_slot_and_undo_takes_them_out(
    bakery: Bakery, channel: Channel
) -> None:
    daily(channel, "20:00")
    with inside(bakery.workspace):
        posts = [a_planned(bakery, channel, text=f"Loaf {n}.") for n in range(3)]

        queued = actions.queue_together([post.pk for post in posts], by=bakery.ben)

        assert [planned_times(post)[channel.pk] for post in posts] == [
            "16 20:00",
            "17 20:00",
            "18 20:00",
        ]
        assert Delivery.objects.filter(state="due").count() == 3
        assert not actions.undo_moves(before_of(queued), by=bakery.ben)
        assert not Delivery.objects.filter(state="due").exists()
        assert not Variant.objects.filter(planned_at__isnull=False).exists()


def test_undoing_the_queue_takes_back_the_request_for_approval(
    bakery: Bakery, channel: Channel
) -> None:
    daily(channel, "20:00")
    with inside(bakery.workspace):
        set_review_rule(bakery.ana, mode=ReviewRule.Mode.ANY, may_approve_own=False, approvers=())
        post = a_planned(bakery, channel)
        queued = actions.queue_together([post.pk], by=bakery.ben)
        assert Post.objects.get(pk=post.pk).review == "requested"

        assert not actions.undo_moves(before_of(queued), by=bakery.ben)

        assert Post.objects.get(pk=post.pk).review == "none"


def test_labelling_many_keeps_approvals_and_is_undone(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        tet = add_campaign("Tết", workspace=bakery.workspace)
        post = a_planned(bakery, channel, "2026-11-17 20:00")
        schedule_post(post, by=bakery.ben)

        labelled = actions.label_together([post.pk], campaign=tet, by=bakery.ben)

        assert Post.objects.get(pk=post.pk).campaign == tet
        assert Delivery.objects.get(post=post).state == "due"
        assert not actions.undo_labels(before_of(labelled), by=bakery.ben)
        assert Post.objects.get(pk=post.pk).campaign is None


def test_deleting_many_leaves_what_is_live_and_undo_schedules_again(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        post = a_planned(bakery, channel, "2026-11-17 20:00")
        schedule_post(post, by=bakery.ben)
        out = a_planned(bakery, channel, "2026-11-18 20:00")
        live(out)

        deleted = actions.delete_together([post.pk, out.pk], by=bakery.ben)

        assert [one.post for one in deleted.refused] == [out]
        assert Post.objects.get(pk=post.pk).deleted_at
        assert not actions.undo_deletes(before_of(deleted), by=bakery.ben)
        assert Post.objects.get(pk=post.pk).deleted_at is None
        assert Delivery.objects.get(post=post).state == "due"


def test_too_many_at_once_are_refused_whole(bakery: Bakery) -> None:
    with inside(bakery.workspace), pytest.raises(actions.TooManyAtOnce):
        actions.delete_together(range(1, actions.MOST_AT_ONCE + 2), by=bakery.ben)


def test_moving_many_asks_no_more_per_post_than_moving_one(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        posts = [a_planned(bakery, channel, f"2026-11-{17 + n} 20:00").pk for n in range(12)]
        with asks_at_most(21):
            actions.move_together(posts[:1], change=Shift(days=30), by=bakery.ben)
        with asks_at_most(1 + 20 * 11):
            actions.move_together(posts[1:], change=Shift(days=30), by=bakery.ben)


@pytest.mark.django_db(transaction=True)
@pytest.mark.faults
def test_two_people_with_overlapping_choices_take_turns() -> None:
    with clock.at(NOW):
        bakery = riverside_bakery()
        channel = a_channel(bakery.workspace)
        with fence.inside(bakery.workspace.pk):
            posts = [a_planned(bakery, channel, f"2026-11-{17 + n} 20:00").pk for n in range(6)]

    def shift(chosen: list[int]) -> Together:
        with inside(bakery.workspace):
            return actions.move_together(chosen, change=Shift(days=1), by=bakery.ben)

    outcomes = at_once(lambda: shift(posts[:4]), lambda: shift(posts[:1:-1]))

    assert all(isinstance(one, Together) and not one.refused for one in outcomes)
    with fence.inside(bakery.workspace.pk):
        times = Variant.objects.order_by("pk").values_list("planned_local", flat=True)
        assert [one[8:10] for one in times] == ["18", "19", "21", "22", "22", "23"]
