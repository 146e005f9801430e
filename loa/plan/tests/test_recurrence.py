"""The dates of a series, and which of them become posts."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.plan.rules.ahead import HORIZON, look_ahead, time_on
from loa.plan.rules.lunar import lunar_day
from loa.plan.rules.recurrence import (
    LAST,
    Kind,
    Rhythm,
    Wrong,
    dates_between,
    has_ended,
    next_dates,
)

SAIGON = "Asia/Ho_Chi_Minh"
HALF_EIGHT = time(7, 30)
MONDAY = date(2026, 11, 16)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
RHYTHMS = st.builds(
    Rhythm,
    kind=st.sampled_from(Kind),
    first_on=DAYS,
    interval=st.integers(1, 6),
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    month_day=st.integers(1, 31),
    nth=st.sampled_from([1, 2, 3, 4, LAST]),
    lunar_days=st.sampled_from([(1,), (15,), (1, 15)]),
    count=st.none() | st.integers(1, 40),
)


def days(rhythm: Rhythm, most: int) -> list[str]:
    before = rhythm.first_on - timedelta(days=1)
    return [f"{day:%d/%m/%y}" for day in next_dates(rhythm, after=before, most=most)]


def test_every_monday_is_every_monday() -> None:
    assert days(Rhythm(Kind.WEEKLY, MONDAY, weekdays=(0,)), 3) == [
        "16/11/26",
        "23/11/26",
        "30/11/26",
    ]


def test_every_second_week_counts_whole_weeks_from_the_first() -> None:
    wednesday = MONDAY + timedelta(days=2)

    found = days(Rhythm(Kind.WEEKLY, wednesday, interval=2, weekdays=(0, 2)), 4)

    assert found == ["18/11/26", "30/11/26", "02/12/26", "14/12/26"]


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    found = days(Rhythm(Kind.MONTHLY, date(2027, 1, 31), month_day=31), 3)

    assert found == ["31/01/27", "28/02/27", "31/03/27"]


def test_the_second_tuesday_and_the_last_friday_of_the_month() -> None:
    second = Rhythm(Kind.MONTHLY_WEEKDAY, MONDAY, weekdays=(1,), nth=2)
    last = Rhythm(Kind.MONTHLY_WEEKDAY, MONDAY, weekdays=(4,), nth=LAST)

    assert days(second, 2) == ["08/12/26", "12/01/27"]
    assert days(last, 2) == ["27/11/26", "25/12/26"]


def test_a_yearly_29_february_is_the_28th_in_other_years() -> None:
    assert days(Rhythm(Kind.YEARLY, date(2028, 2, 29)), 2) == ["29/02/28", "28/02/29"]


def test_the_full_moon_follows_the_vietnamese_calendar() -> None:
    # Tết 2030 is on 2 February here and on 3 February in China.
    found = days(Rhythm(Kind.LUNAR, date(2030, 1, 20), lunar_days=(1, 15)), 2)

    assert found == ["02/02/30", "16/02/30"]


def test_a_skipped_date_still_counts_towards_the_end() -> None:
    rhythm = Rhythm(
        Kind.WEEKLY, MONDAY, weekdays=(0,), count=3, skipped=frozenset({date(2026, 11, 23)})
    )

    assert days(rhythm, 9) == ["16/11/26", "30/11/26"]
    assert has_ended(rhythm, after=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("rhythm", "wrong"),
    [
        (Rhythm(Kind.WEEKLY, MONDAY), Wrong.WEEKDAYS),
        (Rhythm(Kind.WEEKLY, MONDAY, weekdays=(7,)), Wrong.WEEKDAYS),
        (Rhythm(Kind.WEEKLY, MONDAY, weekdays=(0,), interval=0), Wrong.INTERVAL),
        (Rhythm(Kind.MONTHLY, MONDAY, month_day=32), Wrong.MONTH_DAY),
        (Rhythm(Kind.MONTHLY_WEEKDAY, MONDAY, weekdays=(0,), nth=5), Wrong.NTH),
        (Rhythm(Kind.LUNAR, MONDAY, lunar_days=(14,)), Wrong.LUNAR_DAYS),
        (Rhythm(Kind.YEARLY, MONDAY, count=0), Wrong.COUNT),
        (Rhythm(Kind.YEARLY, MONDAY, count=1, until_on=MONDAY), Wrong.ENDS_TWICE),
        (Rhythm(Kind.YEARLY, MONDAY, until_on=MONDAY - timedelta(1)), Wrong.ENDS_BEFORE),
        (Rhythm(Kind.YEARLY, MONDAY), None),
    ],
)
def test_what_is_no_rhythm_is_named(rhythm: Rhythm, wrong: Wrong | None) -> None:
    assert rhythm.wrong() is wrong


@given(rhythm=RHYTHMS, first=DAYS, length=st.integers(0, 400), cut=st.integers(0, 400))
def test_asking_in_two_steps_gives_the_same_dates_as_asking_once(
    rhythm: Rhythm, first: date, length: int, cut: int
) -> None:
    last = first + timedelta(days=length)
    middle = min(first + timedelta(days=cut), last)

    whole = dates_between(rhythm, first=first, last=last)

    before = dates_between(rhythm, first=first, last=middle)
    after = dates_between(rhythm, first=middle + timedelta(days=1), last=last)
    assert before + after == whole
    assert list(whole) == sorted(set(whole))
    assert all(day >= rhythm.first_on for day in whole)


@given(rhythm=RHYTHMS, since=DAYS)
def test_lunar_series_speak_on_the_moons_days_alone(rhythm: Rhythm, since: date) -> None:
    found = next_dates(rhythm, after=since, most=4)

    if rhythm.kind is Kind.LUNAR:
        assert all(lunar_day(day).day in rhythm.lunar_days for day in found)
    assert len(found) <= (rhythm.count or 4)


@given(
    rhythm=RHYTHMS,
    settled=DAYS,
    now=st.datetimes(
        datetime.fromisoformat("2024-01-01"),
        datetime.fromisoformat("2032-12-31"),
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from([SAIGON, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]),
    clock=st.times(),
)
def test_a_series_can_never_burst(
    rhythm: Rhythm, settled: date, now: datetime, zone: str, clock: time
) -> None:
    """Other schedulers counted from the start time and sent a year of past posts at once."""
    local_time = clock.replace(second=0, microsecond=0)
    ahead = look_ahead(rhythm, local_time=local_time, zone=zone, settled_through=settled, now=now)

    assert all(at.instant() > now for _day, at in ahead.due)
    assert len(ahead.due) <= HORIZON.days + 1
    assert all(day <= ahead.through for day, _at in ahead.due)
    again = look_ahead(
        rhythm, local_time=local_time, zone=zone, settled_through=ahead.through, now=now
    )
    assert again.due == again.missed == ()


def test_a_time_that_the_clock_skips_is_the_next_one() -> None:
    skipped = time_on(date(2026, 3, 8), local_time=time(2, 30), zone="America/New_York")
    twice = time_on(date(2026, 11, 1), local_time=time(1, 30), zone="America/New_York")

    assert skipped.local == datetime.fromisoformat("2026-03-08T03:00")
    assert twice.fold == 0
    assert twice.instant() == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
