"""What the days of the calendar hold, and what reading them costs."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loa.channels.models import Channel
from loa.content.models import Campaign, Post, Variant
from loa.ops import clock, fence
from loa.plan import actions, queries
from loa.plan.queries import EVERYTHING, Calendar, Day, Filters
from loa.plan.rules.days import View, window
from loa.plan.rules.states import CardState
from loa.plan.tests.planning import NOW, at, daily, local, weekly
from loa.publish.actions import cancel_post, schedule_post
from loa.workspace.models import Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    with clock.at(NOW):
        workspace = cast.a_workspace()
        with fence.inside(workspace.pk):
            yield workspace


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Bakery")


def week(workspace: Workspace, day: str = "2026-11-16", filters: Filters = EVERYTHING) -> Calendar:
    return queries.calendar_days(
        workspace,
        window=window(View.WEEK, date.fromisoformat(day)),
        now=NOW,
        filters=filters,
    )


def day_of(calendar: Calendar, number: int) -> Day:
    [day] = [one for one in calendar.days if one.date.day == number]
    return day


def test_variants_of_one_post_at_one_time_share_a_card(bakery: Workspace, channel: Channel) -> None:
    other = cast.a_channel(bakery, name="Oven")
    post = cast.a_post(
        bakery,
        text="Phin chảy chậm\nvà thơm",
        channels=(channel, other),
        due_at=at("2026-11-17 20:00"),
    )

    [card] = day_of(week(bakery), 17).cards

    assert card.post_id == post.pk
    assert card.opening == "Phin chảy chậm"
    assert {one.pk for one in card.channels} == {channel.pk, other.pk}
    assert f"{card.local:%H:%M}" == "20:00"
    assert card.state is CardState.DRAFT
    assert card.is_movable


def test_variants_at_different_times_are_cards_of_their_own(
    bakery: Workspace, channel: Channel
) -> None:
    other = cast.a_channel(bakery)
    post = cast.a_post(bakery, channels=(channel, other), due_at=at("2026-11-17 20:00"))
    second = Variant.objects.get(post=post, channel=other)
    actions.move_post(
        post,
        planned=local("2026-11-18 08:00"),
        by=cast.the_owner(bakery),
        variant_ids=[second.pk],
    )

    shown = week(bakery)

    assert [len(day.cards) for day in shown.days] == [0, 1, 1, 0, 0, 0, 0]
    assert shown.post_count == 1


def test_a_day_ends_at_midnight_in_the_workspace(bakery: Workspace, channel: Channel) -> None:
    cast.a_post(bakery, text="Late", channels=(channel,), due_at=at("2026-11-17 23:59"))
    cast.a_post(bakery, text="Early", channels=(channel,), due_at=at("2026-11-18 00:00"))
    cast.a_post(bakery, text="Next week", channels=(channel,), due_at=at("2026-11-23 00:00"))

    shown = week(bakery)

    assert [card.opening for card in day_of(shown, 17).cards] == ["Late"]
    assert [card.opening for card in day_of(shown, 18).cards] == ["Early"]
    assert shown.post_count == 2


def test_a_deleted_post_is_not_shown(bakery: Workspace, channel: Channel) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    Post.objects.filter(pk=post.pk).update(deleted_at=NOW)

    assert week(bakery).post_count == 0


def test_another_workspace_is_not_shown(bakery: Workspace) -> None:
    stranger = cast.omar().workspace
    cast.a_post(stranger, channels=(cast.a_channel(stranger),), due_at=at("2026-11-17 20:00"))

    with fence.everywhere("prove that the query alone keeps strangers out"):
        assert week(bakery).post_count == 0


def test_filters_leave_only_what_was_asked_for(bakery: Workspace, channel: Channel) -> None:
    other = cast.a_channel(bakery)
    campaign = Campaign.objects.create(workspace=bakery, name="Mùa rang mới", created_at=NOW)
    cast.a_post(
        bakery, text="A", channels=(channel,), due_at=at("2026-11-17 20:00"), campaign=campaign
    )
    cast.a_post(
        bakery, text="B", channels=(other,), due_at=at("2026-11-17 20:00"), review="requested"
    )

    def said(filters: Filters) -> list[str]:
        return [card.opening for card in day_of(week(bakery, filters=filters), 17).cards]

    ours, theirs = frozenset({campaign.pk}), frozenset({other.pk})
    assert said(EVERYTHING) == ["A", "B"]
    assert said(Filters(channel_ids=frozenset({channel.pk}))) == ["A"]
    assert said(Filters(states=frozenset({CardState.IN_REVIEW}))) == ["B"]
    assert said(Filters(campaign_ids=ours)) == ["A"]
    assert said(Filters(campaign_ids=ours, channel_ids=theirs)) == []


def test_a_full_day_shows_the_first_and_counts_the_rest(
    bakery: Workspace, channel: Channel
) -> None:
    for hour in range(6):
        cast.a_post(
            bakery,
            text=f"Loaf {hour}",
            channels=(channel,),
            due_at=at(f"2026-11-17 {hour + 8:02}:00"),
        )

    month = queries.calendar_days(bakery, window=window(View.MONTH, date(2026, 11, 1)), now=NOW)

    tuesday = day_of(month, 17)
    assert [card.opening for card in tuesday.cards] == ["Loaf 0", "Loaf 1", "Loaf 2"]
    assert tuesday.more_count == 3


def test_free_slots_are_shown_until_they_are_taken(bakery: Workspace, channel: Channel) -> None:
    daily(channel, "08:00", "20:00")
    cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    shown = week(bakery)

    # Monday 08:00 has passed, Tuesday evening is taken.
    assert [f"{one.time.planned.local:%H:%M}" for one in day_of(shown, 16).free] == ["20:00"]
    assert [f"{one.time.planned.local:%H:%M}" for one in day_of(shown, 17).free] == ["08:00"]
    assert len(day_of(shown, 18).free) == 2


def test_a_day_without_a_post_on_a_channel_with_slots_is_empty(
    bakery: Workspace, channel: Channel
) -> None:
    other = cast.a_channel(bakery, name="Quiet")
    weekly(channel, (1, "20:00"), (2, "20:00"))
    weekly(other, (1, "12:00"))
    cast.a_post(bakery, channels=(channel, other), due_at=at("2026-11-17 20:00"))

    shown = week(bakery)

    assert day_of(shown, 17).empty_channels == ()
    assert [one.name for one in day_of(shown, 18).empty_channels] == ["Bakery"]
    assert (shown.empty_day_count, shown.on_rhythm_count, shown.rhythm_count) == (1, 1, 2)


def test_posts_too_close_to_each_other_are_marked(bakery: Workspace, channel: Channel) -> None:
    cast.a_post(bakery, text="One", channels=(channel,), due_at=at("2026-11-17 20:00"))
    cast.a_post(bakery, text="Two", channels=(channel,), due_at=at("2026-11-17 20:30"))
    cast.a_post(bakery, text="Far", channels=(channel,), due_at=at("2026-11-18 20:30"))

    shown = week(bakery)

    assert [card.clash_codes for card in day_of(shown, 17).cards] == [("too_close",)] * 2
    assert day_of(shown, 18).cards[0].clash_codes == ()
    assert len(shown.clashes) == 1


def test_the_same_words_twice_on_a_channel_are_marked(bakery: Workspace, channel: Channel) -> None:
    for day in (17, 20):
        cast.a_post(bakery, text="Phin.", channels=(channel,), due_at=at(f"2026-11-{day} 20:00"))
    for hour in (8, 10):
        cast.a_post(bakery, text="", channels=(channel,), due_at=at(f"2026-11-18 {hour:02}:00"))

    shown = week(bakery)

    assert day_of(shown, 17).cards[0].clash_codes == ("same_text",)
    assert len(shown.clashes) == 1


def test_a_cancelled_delivery_takes_no_room(bakery: Workspace, channel: Channel) -> None:
    daily(channel, "20:00")
    owner = cast.the_owner(bakery)
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    schedule_post(post, by=owner)
    cancel_post(post, by=owner)

    tuesday = day_of(week(bakery), 17)

    assert len(tuesday.free) == 1
    assert [card.state for card in tuesday.cards] == [CardState.DRAFT]


def test_an_observance_and_the_moon_stand_with_the_day(bakery: Workspace) -> None:
    friday = day_of(week(bakery), 20)

    assert [one.code for one in friday.observances] == ["teachers"]
    assert friday.lunar.label == "12/10"


def test_the_week_of_a_clock_change_has_seven_days() -> None:
    """New York, 8 to 14 March 2027: Sunday has 23 hours."""
    with clock.at(NOW):
        new_york = cast.a_workspace("NYC", time_zone="America/New_York")
        channel = cast.a_channel(new_york)
        weekly(channel, (6, "02:30"), (6, "23:30"))
        zone = "America/New_York"
        cast.a_post(new_york, channels=(channel,), due_at=at("2027-03-14 23:59", zone))
        cast.a_post(new_york, channels=(channel,), due_at=at("2027-03-08 00:00", zone))
        with fence.inside(new_york.pk):
            shown = week(new_york, "2027-03-14")

    assert [len(day.cards) for day in shown.days] == [1, 0, 0, 0, 0, 0, 1]
    assert [f"{one.time.planned.local:%H:%M}" for one in shown.days[6].free] == ["03:00"]


@pytest.mark.parametrize("view", list(View))
def test_a_page_takes_five_queries_however_full_it_is(
    bakery: Workspace, channel: Channel, view: View
) -> None:
    other = cast.a_channel(bakery)
    daily(channel, "08:00", "20:00")
    for number in range(-20, 40):
        due_at = NOW + timedelta(hours=9 * number)
        post = cast.a_post(bakery, text=f"{number}", channels=(channel, other), due_at=due_at)
        if number > 30:
            schedule_post(post, by=cast.the_owner(bakery))

    with CaptureQueriesContext(connection) as asked:
        queries.calendar_days(bakery, window=window(view, date(2026, 11, 16)), now=NOW)

    assert len(asked) == 5
