"""A week's posts for another week: same local times, drafts, no clash, and undone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.document import Document, Part
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.revisions import PostState
from loa.create.actions import create_post, plan_post, save_post, schedule_post
from loa.ops import clock
from loa.plan import actions
from loa.plan.actions import Before
from loa.plan.rules.copying import Placed, WhyNot, copy_by_days
from loa.plan.rules.pacing import Pacing, Taken, crowded
from loa.plan.tests.planning import NOW, inside, local
from loa.publish.models import Delivery
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel
from tests.questions import asks_at_most

SAIGON = "Asia/Ho_Chi_Minh"
THIS_WEEK, NEXT_WEEK = date(2026, 11, 18), date(2026, 11, 25)
CALM = Pacing(timedelta(hours=2), daily_cap=2)
PLACED = st.lists(
    st.builds(
        Placed,
        post_id=st.integers(1, 9),
        channel_id=st.integers(1, 2),
        at=st.datetimes(
            datetime.fromisoformat("2026-11-16"), datetime.fromisoformat("2026-11-22T23:59")
        ).map(lambda at: PlannedTime(at.replace(microsecond=0), SAIGON)),
    ),
    max_size=30,
    unique_by=lambda one: (one.post_id, one.channel_id),
)


@given(week=PLACED, weeks=st.integers(1, 8))
def test_a_copy_never_clashes_and_a_second_copy_is_empty(week: list[Placed], weeks: int) -> None:
    empty = Taken.of((), ZoneInfo(SAIGON))
    taken, pacings = {1: empty, 2: empty}, {1: CALM, 2: CALM}

    placed, left_out = copy_by_days(week, days=7 * weeks, taken=taken, pacings=pacings, now=NOW)

    assert len(placed) + len(left_out) == len(week)
    for one in placed:
        others = [
            each.at.instant()
            for each in placed
            if each is not one and each.channel_id == one.channel_id
        ]
        assert crowded(one.at.instant(), Taken.of(others, ZoneInfo(SAIGON)), CALM) is None
    full = {
        pk: Taken.of(
            [one.at.instant() for one in placed if one.channel_id == pk], empty.audience_zone
        )
        for pk in taken
    }
    again, _left_out = copy_by_days(
        [one for one in week if any(_same(one, each) for each in placed)],
        days=7 * weeks,
        taken=full,
        pacings=pacings,
        now=NOW,
    )
    assert again == ()


def _same(one: Placed, copy: Placed) -> bool:
    return (one.post_id, one.channel_id) == (copy.post_id, copy.channel_id)


def test_a_copy_into_the_past_is_left_out() -> None:
    one = Placed(1, 1, PlannedTime(datetime.fromisoformat("2026-11-18T20:00"), SAIGON))
    taken = {1: Taken.of((), ZoneInfo(SAIGON))}

    placed, [left] = copy_by_days([one], days=-7, taken=taken, pacings={1: CALM}, now=NOW)

    assert (placed, left.why) == ((), WhyNot.PAST)


@pytest.fixture
def bakery() -> Bakery:
    with clock.at(NOW):
        return riverside_bakery()


@pytest.fixture
def channel(bakery: Bakery) -> Channel:
    return a_channel(bakery.workspace)


def a_planned(bakery: Bakery, *channels: Channel, when: str, text: str = "Loaf.") -> Post:
    own = dict.fromkeys(one.pk for one in channels)
    state = PostState(title=text, shared=Document((Part(text),)), own=own)
    post = create_post(bakery.ben, state=state)
    plan_post(post, at=local(when), by=bakery.ben)
    return post


@pytest.mark.django_db
def test_a_week_is_copied_as_drafts_at_the_same_local_times(
    bakery: Bakery, channel: Channel
) -> None:
    other = a_channel(bakery.workspace)
    with inside(bakery.workspace):
        post = a_planned(bakery, channel, other, when="2026-11-17 20:00")
        schedule_post(post, by=bakery.ben)
        a_planned(bakery, other, when="2026-11-18 09:00")

        copied = actions.copy_week(
            week=THIS_WEEK, to=NEXT_WEEK, channel_ids=[channel.pk], by=bakery.ben
        )

        [copy] = copied.posts
        [variant] = Variant.objects.filter(post=copy)
        assert (variant.channel, variant.planned_local) == (channel, "2026-11-24T20:00:00")
        assert copy.document == post.document
        assert (copy.review, copy.approved_fingerprint) == ("none", "")
        assert not Delivery.objects.filter(post=copy).exists()


@pytest.mark.django_db
def test_what_clashes_there_is_left_out_and_told(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        a_planned(bakery, channel, when="2026-11-17 20:00")
        a_planned(bakery, channel, when="2026-11-19 20:00")
        a_planned(bakery, channel, when="2026-11-24 20:30")

        copied = actions.copy_week(
            week=THIS_WEEK, to=NEXT_WEEK, channel_ids=[channel.pk], by=bakery.ben
        )

        assert len(copied.posts) == 1
        [left] = copied.left_out
        assert (left.why, left.placed.at.local.day) == (WhyNot.TOO_CLOSE, 24)
        again = actions.copy_week(
            week=THIS_WEEK, to=NEXT_WEEK, channel_ids=[channel.pk], by=bakery.ben
        )
        assert again.posts == ()


@pytest.mark.django_db
def test_undo_removes_copies_that_nobody_changed(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        for day in (17, 18):
            a_planned(bakery, channel, when=f"2026-11-{day} 20:00")
        copied = actions.copy_week(
            week=THIS_WEEK, to=NEXT_WEEK, channel_ids=[channel.pk], by=bakery.ben
        )
        before = [Before(post.pk, revision=post.revision) for post in copied.posts]
        kept = copied.posts[0]
        state = PostState(title="Mine", shared=Document((Part("Mine."),)), own={channel.pk: None})
        save_post(kept, base_revision=kept.revision, state=state, by=bakery.ana)

        [refused] = actions.undo_copies(before, by=bakery.ben)

        assert refused.post == kept
        assert Post.objects.filter(deleted_at=None).count() == 3


@pytest.mark.django_db
def test_a_skipped_hour_is_moved_on_and_told() -> None:
    winter = datetime(2026, 3, 1, 15, tzinfo=UTC)
    with clock.at(winter):
        bakery = riverside_bakery(time_zone="America/New_York")
        channel = a_channel(bakery.workspace)
    with inside(bakery.workspace, winter):
        post = a_planned(bakery, channel, when="2026-03-20 12:00")
        plan_post(post, at=local("2026-03-15 02:30", "America/New_York"), by=bakery.ben)

        copied = actions.copy_week(
            week=date(2026, 3, 15), to=date(2026, 3, 8), channel_ids=[channel.pk], by=bakery.ben
        )

        assert copied.skipped_count == 1
        [variant] = Variant.objects.filter(post__in=copied.posts)
        assert variant.planned_local == "2026-03-08T03:00:00"


@pytest.mark.django_db
def test_a_week_is_not_copied_onto_itself(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace), pytest.raises(actions.SameWeek):
        actions.copy_week(week=THIS_WEEK, to=THIS_WEEK, channel_ids=[channel.pk], by=bakery.ben)


@pytest.mark.django_db
def test_copying_asks_a_bounded_number_of_questions_per_post(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        for day in range(17, 23):
            a_planned(bakery, channel, when=f"2026-11-{day} 20:00")

        with asks_at_most(12 + 6 * 24):
            actions.copy_week(week=THIS_WEEK, to=NEXT_WEEK, channel_ids=[channel.pk], by=bakery.ben)
