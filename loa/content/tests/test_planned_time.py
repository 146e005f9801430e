"""Local times become the right instants, once, in every zone and through clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loa.content.rules.planned_time import PlannedTime, planned

ZONES = [
    "Asia/Ho_Chi_Minh",  # no clock change
    "America/New_York",  # forward in March, back in November
    "Australia/Sydney",  # the other half of the year
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Cairo",  # at midnight
    "Europe/Dublin",  # winter is the exception, negative in the database
    "America/Santiago",  # at midnight, in the south
    "Asia/Kathmandu",  # an odd offset
]
WALL_TIMES = st.datetimes(
    datetime.fromisoformat("1972-01-01"), datetime.fromisoformat("2037-12-31")
).map(lambda value: value.replace(microsecond=0))
INSTANTS = WALL_TIMES.map(lambda value: value.replace(tzinfo=UTC))


@pytest.mark.parametrize("zone", ZONES)
@given(instant=INSTANTS)
@example(instant=datetime(2027, 11, 7, 5, 30, tzinfo=UTC))
@example(instant=datetime(2027, 11, 7, 6, 30, tzinfo=UTC))
def test_every_instant_survives_the_way_to_local_time_and_back(
    zone: str, instant: datetime
) -> None:
    local = planned(instant, zone)

    assert local.instant() == instant
    assert not local.was_skipped


@pytest.mark.parametrize("zone", ZONES)
@given(local=WALL_TIMES, fold=st.integers(0, 1))
def test_a_local_time_is_kept_unless_the_clock_skips_it(
    zone: str, local: datetime, fold: int
) -> None:
    time = PlannedTime(local, zone, fold)

    shown = time.instant().astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert shown >= local
    assert time.was_skipped == (shown != local)
    # A skipped time lands on the very first instant after the gap: a second before is earlier.
    if time.was_skipped:
        before = (time.instant() - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert before.replace(tzinfo=None) < local


@pytest.mark.parametrize(
    ("zone", "local", "becomes"),
    [
        ("America/New_York", "2027-03-14T02:00:00", "2027-03-14T03:00:00"),
        ("America/New_York", "2027-03-14T02:59:59", "2027-03-14T03:00:00"),
        ("Europe/Dublin", "2027-03-28T01:30:00", "2027-03-28T02:00:00"),
        ("Australia/Sydney", "2026-10-04T02:30:00", "2026-10-04T03:00:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-04T02:30:00"),
        ("Africa/Cairo", "2023-04-28T00:15:00", "2023-04-28T01:00:00"),
        ("America/Santiago", "2026-09-06T00:00:00", "2026-09-06T01:00:00"),
        # A whole day: Samoa went to sleep on Thursday and woke up on Saturday.
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-31T00:00:00"),
    ],
)
@pytest.mark.parametrize("fold", [0, 1])
def test_a_skipped_time_moves_to_the_next_valid_instant(
    zone: str, local: str, becomes: str, fold: int
) -> None:
    time = PlannedTime(datetime.fromisoformat(local), zone, fold)

    assert time.was_skipped
    assert planned(time.instant(), zone).local == datetime.fromisoformat(becomes)


@pytest.mark.parametrize(
    ("zone", "local", "first", "apart_minutes"),
    [
        ("America/New_York", "2027-11-07T01:30:00", "2027-11-07T05:30:00", 60),
        ("Europe/Dublin", "2027-10-31T01:30:00", "2027-10-31T00:30:00", 60),
        ("Australia/Sydney", "2027-04-04T02:30:00", "2027-04-03T15:30:00", 60),
        ("Australia/Lord_Howe", "2027-04-04T01:45:00", "2027-04-03T14:45:00", 30),
        ("America/Santiago", "2027-04-03T23:30:00", "2027-04-04T02:30:00", 60),
        ("Africa/Cairo", "2026-10-29T23:30:00", "2026-10-29T20:30:00", 60),
    ],
)
def test_of_two_equal_times_the_first_is_meant_unless_said_otherwise(
    zone: str, local: str, first: str, apart_minutes: int
) -> None:
    wall = datetime.fromisoformat(local)

    earlier, later = PlannedTime(wall, zone), PlannedTime(wall, zone, 1)

    assert earlier.instant() == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert later.instant() - earlier.instant() == timedelta(minutes=apart_minutes)
    assert planned(later.instant(), zone) == later


def test_nine_in_the_morning_stays_nine_in_the_morning_through_the_year() -> None:
    winter = PlannedTime(datetime.fromisoformat("2027-01-15T09:00"), "America/New_York")
    summer = PlannedTime(datetime.fromisoformat("2027-07-15T09:00"), "America/New_York")

    assert (winter.instant().hour, summer.instant().hour) == (14, 13)


def test_the_zone_of_the_server_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    meant = PlannedTime(datetime.fromisoformat("2026-11-22T20:00"), "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("TZ", "America/Los_Angeles")

    assert meant.instant() == datetime(2026, 11, 22, 13, tzinfo=UTC)
