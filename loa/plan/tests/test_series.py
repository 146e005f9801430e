"""Posts that repeat: made ahead, once each, never in a burst; changed from now on or for a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from loa.channels.models import Channel
from loa.content.models import Post, ReviewRule, Variant
from loa.content.queries import state_of
from loa.content.rules.document import Document, Part
from loa.content.rules.revisions import PostState
from loa.create.actions import create_post, plan_post, save_post, set_review_rule
from loa.ops import clock, fence
from loa.plan import actions, jobs
from loa.plan.models import Occurrence, Series
from loa.plan.rules.recurrence import Kind, Rhythm, Wrong
from loa.plan.tests.planning import NOW, inside, local
from loa.publish.models import Delivery
from loa.workspace.models import Member
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel, end_membership
from tests.house_rules.rows import audited
from tests.jobs import run_enqueued
from tests.races import at_once

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
TERMS = actions.Terms(
    name="Monday bread",
    rhythm=Rhythm(Kind.WEEKLY, MONDAY, weekdays=(0,)),
    local_time=time(19, 30),
    schedules=True,
)


@pytest.fixture
def bakery() -> Bakery:
    with clock.at(NOW):
        return riverside_bakery()


@pytest.fixture
def channel(bakery: Bakery) -> Channel:
    return a_channel(bakery.workspace)


def a_draft(bakery: Bakery, channel: Channel, text: str = "The oven is warm.") -> Post:
    state = PostState(title="Bread", shared=Document((Part(text),)), own={channel.pk: None})
    return create_post(bakery.ben, state=state)


def a_series(
    bakery: Bakery, channel: Channel, terms: actions.Terms = TERMS, by: Member | None = None
) -> Series:
    return actions.start_series(a_draft(bakery, channel), terms=terms, by=by or bakery.ben)


def times(series: Series) -> list[str]:
    made = Variant.objects.filter(
        post__occurrence__series=series, post__occurrence__state="made", post__deleted_at=None
    )
    return [one.planned_local[5:16] for one in made.order_by("planned_at")]


def test_a_series_makes_the_posts_of_the_next_four_weeks(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)

        assert times(series) == [
            "11-16T19:30",
            "11-23T19:30",
            "11-30T19:30",
            "12-07T19:30",
            "12-14T19:30",
        ]
        assert Delivery.objects.filter(state="due").count() == 5


def test_running_the_job_twice_makes_nothing_twice(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        a_series(bakery, channel)
    with clock.at(NOW + timedelta(days=8)):
        jobs.extend_all_series()
        jobs.extend_all_series()
        names = run_enqueued()

    with inside(bakery.workspace):
        assert names.count("plan.extend_series") == 2
        assert Occurrence.objects.count() == 6
        assert Post.objects.count() == 7


def test_a_series_begun_a_year_ago_makes_no_past_post(bakery: Bakery, channel: Channel) -> None:
    """Elsewhere a recurrence was anchored to its start and burst a year of posts at once."""
    long_ago = replace(TERMS.rhythm, first_on=MONDAY - timedelta(weeks=52))
    with inside(bakery.workspace):
        series = a_series(bakery, channel, replace(TERMS, rhythm=long_ago))

        assert len(times(series)) == 5
        assert min(times(series)) == "11-16T19:30"
        assert not Occurrence.objects.exclude(state="made").exists()


def test_after_downtime_missed_dates_are_skipped_and_told_not_sent_together(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
    ten_weeks_later = NOW + timedelta(weeks=10)
    with inside(bakery.workspace, ten_weeks_later):
        made = actions.extend_series(series.pk)

        missed = Occurrence.objects.filter(state="missed").order_by("on")
        assert [one.on for one in missed] == [MONDAY + timedelta(weeks=n) for n in range(5, 10)]
        assert not any(one.post for one in missed)
        assert [one.on for one in made] == [MONDAY + timedelta(weeks=n) for n in range(10, 15)]
        assert not Variant.objects.filter(
            post__occurrence__in=made, planned_at__lt=clock.now()
        ).exists()
    [(who, detail)] = audited(bakery.workspace, "series.missed")
    assert who is None
    assert detail["count"] == 5


def test_what_dies_halfway_leaves_nothing_behind(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        before = Post.objects.count()
    with inside(bakery.workspace, NOW + timedelta(days=8)):
        with transaction.atomic():
            actions.extend_series(series.pk)
            transaction.set_rollback(True)
        assert Post.objects.count() == before
        assert len(actions.extend_series(series.pk)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.faults
def test_two_workers_at_once_make_each_occurrence_once() -> None:
    with clock.at(NOW):
        bakery = riverside_bakery()
        channel = a_channel(bakery.workspace)
        with fence.inside(bakery.workspace.pk):
            series = a_series(bakery, channel)
            Series.objects.update(settled_through=MONDAY - timedelta(days=1))
            Occurrence.objects.all().delete()
            before = Post.objects.count()

    def work() -> None:
        with inside(bakery.workspace):
            actions.extend_series(series.pk)

    outcomes = at_once(work, work, work, work)

    with fence.inside(bakery.workspace.pk):
        assert outcomes == [None] * 4
        assert Occurrence.objects.count() == 5
        assert Post.objects.count() == before + 5


def test_the_post_it_was_made_from_speaks_on_its_own_date(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        post = a_draft(bakery, channel)
        plan_post(post, at=local("2026-11-23 18:00"), by=bakery.ben)
        series = actions.start_series(post, terms=TERMS, by=bakery.ben)

        assert Occurrence.objects.get(on=date(2026, 11, 23)).post == post
        assert times(series)[1] == "11-23T18:00"
        with pytest.raises(actions.AlreadyInSeries):
            actions.start_series(post, terms=TERMS, by=bakery.ben)


def test_where_approval_is_needed_each_post_asks_for_it(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        set_review_rule(bakery.ana, mode=ReviewRule.Mode.ANY, may_approve_own=False, approvers=())
        series = a_series(bakery, channel)

        posts = Post.objects.filter(occurrence__series=series)
        assert {post.review for post in posts} == {"requested"}
        assert not Delivery.objects.exists()


def test_whoever_has_left_hands_nothing_over(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel, by=bakery.ben)
    end_membership(bakery.ben)
    with inside(bakery.workspace, NOW + timedelta(days=8)):
        [made] = actions.extend_series(series.pk)

        assert made.note == "keeper"
        assert not Delivery.objects.filter(post=made.post).exists()


def test_a_lost_channel_leaves_a_draft_and_says_why(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        Channel.objects.filter(pk=channel.pk).update(state=Channel.State.LOST)
    with inside(bakery.workspace, NOW + timedelta(days=8)):
        [made] = actions.extend_series(series.pk)

        assert made.note == "channel"


def test_changing_the_time_moves_what_nobody_touched(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        touched = Occurrence.objects.get(on=date(2026, 11, 30)).post
        assert touched
        plan_post(touched, at=local("2026-11-30 08:00"), by=bakery.ben)

        changed = actions.change_series(
            series, terms=replace(TERMS, local_time=time(20, 15)), by=bakery.ana
        )

        assert times(series) == [
            "11-16T20:15",
            "11-23T20:15",
            "11-30T08:00",
            "12-07T20:15",
            "12-14T20:15",
        ]
        assert (changed.changed_count, changed.removed_count) == (4, 0)
        assert [one.post for one in changed.kept] == [touched]


def test_changing_the_day_puts_the_old_dates_in_the_bin(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        thursdays = replace(TERMS.rhythm, weekdays=(3,))

        changed = actions.change_series(
            series, terms=replace(TERMS, rhythm=thursdays), by=bakery.ben
        )

        assert times(series) == [
            "11-19T19:30",
            "11-26T19:30",
            "12-03T19:30",
            "12-10T19:30",
        ]
        assert changed.removed_count == 5
        assert Delivery.objects.filter(state="due").count() == 4


def test_words_from_now_on_reach_later_posts_and_spare_touched_ones(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        first, _second, third, *_more = Post.objects.filter(occurrence__series=series).order_by(
            "occurrence__on"
        )
        for post, text in ((first, "New words."), (third, "Third, by hand.")):
            state = replace(state_of(post), shared=Document((Part(text),)))
            save_post(post, base_revision=post.revision, state=state, by=bakery.ben)

        changed = actions.repeat_words(Post.objects.get(pk=first.pk), by=bakery.ben)

        said = [
            post.document.opening
            for post in Post.objects.filter(occurrence__series=series).order_by("occurrence__on")
        ]
        assert said == ["New words."] * 2 + ["Third, by hand."] + ["New words."] * 2
        assert changed.changed_count == 3
        assert Delivery.objects.filter(state="due").count() == 5


def test_a_skipped_date_is_never_made_again_until_taken_in(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        made, later = date(2026, 11, 23), date(2026, 12, 21)
        actions.skip_date(series, on=made, by=bakery.ben)
        actions.skip_date(series, on=later, by=bakery.ben)
        assert "11-23T19:30" not in times(series)
    with inside(bakery.workspace, NOW + timedelta(days=8)):
        actions.extend_series(series.pk)
        assert "12-21T19:30" not in times(series)
        actions.speak_on(series, on=later, by=bakery.ben)
        assert "12-21T19:30" in times(series)
        with pytest.raises(actions.NotADate):
            actions.speak_on(series, on=made, by=bakery.ben)
        with pytest.raises(actions.NotADate):
            actions.skip_date(series, on=date(2026, 12, 22), by=bakery.ben)


def test_taking_a_date_back_in_brings_its_post_back(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        actions.skip_date(series, on=date(2026, 11, 23), by=bakery.ben)

        actions.speak_on(series, on=date(2026, 11, 23), by=bakery.ben)

        assert len(times(series)) == 5
        assert Delivery.objects.filter(state="due").count() == 5


def test_a_pause_makes_nothing_and_is_not_made_up_for(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        actions.pause_series(series, by=bakery.ben)
    with inside(bakery.workspace, NOW + timedelta(weeks=8)):
        assert actions.extend_series(series.pk) == ()
        actions.resume_series(series, by=bakery.ben)

        assert times(series)[5:] == [
            "01-11T19:30",
            "01-18T19:30",
            "01-25T19:30",
            "02-01T19:30",
            "02-08T19:30",
        ]
        assert not Occurrence.objects.filter(state="missed").exists()


def test_an_ended_series_makes_and_takes_nothing_more(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        series = a_series(bakery, channel)
        actions.end_series(series, by=bakery.ben)

        assert len(times(series)) == 5
        with pytest.raises(actions.SeriesGone):
            actions.resume_series(series, by=bakery.ben)
    with inside(bakery.workspace, NOW + timedelta(weeks=2)):
        assert actions.extend_series(series.pk) == ()


def test_no_rhythm_and_nothing_to_say_are_refused(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        with pytest.raises(actions.NotARhythm) as refused:
            a_series(bakery, channel, replace(TERMS, rhythm=Rhythm(Kind.WEEKLY, MONDAY)))
        assert refused.value.wrong is Wrong.WEEKDAYS
        empty = a_draft(bakery, channel, text="")
        with pytest.raises(actions.NothingToRepeat):
            actions.start_series(empty, terms=TERMS, by=bakery.ben)


def test_half_past_seven_stays_half_past_seven_when_the_clocks_change() -> None:
    before_the_change = datetime(2026, 10, 15, 12, tzinfo=UTC)
    with clock.at(before_the_change):
        bakery = riverside_bakery(time_zone="America/New_York")
        channel = a_channel(bakery.workspace)
    sundays = Rhythm(Kind.WEEKLY, date(2026, 10, 18), weekdays=(6,))
    with inside(bakery.workspace, before_the_change):
        series = a_series(bakery, channel, replace(TERMS, rhythm=sundays, local_time=time(7, 30)))

        variants = Variant.objects.filter(post__occurrence__series=series).order_by("planned_at")
        assert {one.planned_local[11:] for one in variants} == {"07:30:00"}
        assert [one.planned_at.hour for one in variants if one.planned_at] == [11, 11, 12, 12]
