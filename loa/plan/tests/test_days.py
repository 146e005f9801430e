"""Which days a calendar page shows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.plan.rules.days import View, day_start, local_day, monday_of, today, window

DAYS = st.dates(date(1990, 1, 1), date(2098, 12, 31))
ZONES = st.sampled_from(
    ["Asia/Ho_Chi_Minh", "America/New_York", "Africa/Cairo", "Asia/Beirut", "Pacific/Auckland"]
)


def test_a_month_is_shown_in_whole_weeks_from_monday() -> None:
    november = window(View.MONTH, date(2026, 11, 22))

    assert november.first == date(2026, 10, 26)
    assert november.last == date(2026, 12, 6)
    assert len(november.weeks) == 6
    assert (november.previous, november.following) == (date(2026, 10, 1), date(2026, 12, 1))


def test_a_february_that_fits_four_weeks_takes_four() -> None:
    february = window(View.MONTH, date(2027, 2, 14))

    assert len(february.weeks) == 4
    assert (february.first, february.last) == (date(2027, 2, 1), date(2027, 2, 28))


def test_a_week_runs_from_monday_to_sunday() -> None:
    week = window(View.WEEK, date(2026, 11, 22))

    assert (week.first, week.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week.following == date(2026, 11, 29)


def test_a_list_begins_on_the_day_asked_for() -> None:
    listing = window(View.LIST, date(2026, 11, 22))

    assert listing.first == date(2026, 11, 22)
    assert listing.following == date(2026, 12, 20)


@given(DAYS, st.sampled_from(View))
def test_every_window_shows_its_focus_and_whole_days_without_a_hole(day: date, view: View) -> None:
    shown = window(view, day)

    assert shown.first <= day <= shown.last
    assert shown.days == tuple(sorted(set(shown.days)))
    assert (shown.last - shown.first).days + 1 == len(shown.days)
    if view is not View.LIST:
        assert shown.first.weekday() == 0
        assert len(shown.days) % 7 == 0


@given(DAYS, st.sampled_from([View.WEEK, View.LIST]))
def test_going_forward_and_back_returns_to_the_same_days(day: date, view: View) -> None:
    shown = window(view, day)

    assert window(view, window(view, shown.following).previous) == shown


@given(DAYS)
def test_months_follow_each_other_without_skipping_one(day: date) -> None:
    shown = window(View.MONTH, day)

    following = window(View.MONTH, shown.following)
    assert following.focus.month == day.month % 12 + 1
    assert following.previous == day.replace(day=1)


@given(DAYS, ZONES)
def test_a_day_starts_at_the_first_instant_that_bears_its_date(day: date, zone: str) -> None:
    start = day_start(day, zone)

    place = ZoneInfo(zone)
    assert local_day(start, place) == day
    assert local_day(start - timedelta(seconds=1), place) < day


def test_a_day_may_start_at_one_in_the_morning() -> None:
    """Cairo moved its clocks at midnight: 28 April 2023 had no 00:00."""
    start = day_start(date(2023, 4, 28), "Africa/Cairo")

    assert start.astimezone(ZoneInfo("Africa/Cairo")).hour == 1


def test_today_is_the_day_of_the_place_not_of_the_server() -> None:
    late_in_london = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)

    assert today(late_in_london, "Asia/Ho_Chi_Minh") == date(2026, 11, 23)
    assert today(late_in_london, "America/New_York") == date(2026, 11, 22)


@pytest.mark.parametrize(("zone", "hours"), [("America/New_York", 23), ("Asia/Ho_Chi_Minh", 24)])
def test_the_span_of_a_week_counts_its_real_hours(zone: str, hours: int) -> None:
    week = window(View.WEEK, date(2027, 3, 14))

    start, end = week.span(zone)

    assert end - start == timedelta(days=6, hours=hours)
    assert monday_of(date(2027, 3, 14)) == date(2027, 3, 8)
