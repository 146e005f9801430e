"""Slots of the week, materialised, and the next free one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.plan.rules.pacing import Crowded, Pacing, Taken, crowded
from loa.plan.rules.slots import WeeklySlot, free_slot_times, next_free_slot, slot_times

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
LISBON = ZoneInfo("Europe/Lisbon")
CALM = Pacing(min_gap=timedelta(hours=4), daily_cap=2)
# One zone per kind of clock change: north, south, half an hour, at midnight, negative, none.
DST_ZONES = [
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Europe/Dublin",
    "Asia/Ho_Chi_Minh",
]
INSTANTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"),
    datetime.fromisoformat("2027-12-31"),
    timezones=st.just(UTC),
)


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


def slot(weekday: int, clock: str, channel_id: int = 1) -> WeeklySlot:
    return WeeklySlot(channel_id, weekday, time.fromisoformat(clock))


def test_a_full_queue_gives_no_slot_rather_than_a_bad_one() -> None:
    chosen = next_free_slot(
        slots=[at(20)], taken=[at(8), at(12)], now=at(7), audience_zone=LISBON, pacing=CALM
    )

    assert chosen is None


def test_the_next_free_slot_keeps_the_gap_on_both_sides() -> None:
    chosen = next_free_slot(
        slots=[at(9), at(11), at(15), at(19)],
        taken=[at(8), at(17)],
        now=at(7),
        audience_zone=LISBON,
        pacing=Pacing(timedelta(hours=3), daily_cap=9),
    )

    assert chosen == at(11)


def test_a_slot_that_is_already_taken_is_not_free_even_with_no_minimum_gap() -> None:
    pacing = Pacing(timedelta(0), daily_cap=9)

    assert crowded(at(9), Taken.of([at(9)], LISBON), pacing) is Crowded.TOO_CLOSE
    assert crowded(at(9), Taken.of([at(10)], LISBON), pacing) is None


def test_the_daily_cap_counts_the_days_of_the_audience() -> None:
    """23:00 UTC is already tomorrow in Saigon."""
    taken = Taken.of([at(18), at(22)], SAIGON)

    full = crowded(at(10, day=23), taken, Pacing(timedelta(0), daily_cap=2))

    assert full is Crowded.DAY_FULL
    assert crowded(at(10), taken, Pacing(timedelta(0), daily_cap=2)) is None


@given(
    slots=st.lists(INSTANTS, max_size=40),
    taken=st.lists(INSTANTS, max_size=40),
    now=INSTANTS,
    gap=st.timedeltas(timedelta(0), timedelta(hours=12)),
    cap=st.integers(1, 4),
)
def test_no_chosen_slot_ever_breaks_the_pacing(
    slots: list[datetime], taken: list[datetime], now: datetime, gap: timedelta, cap: int
) -> None:
    pacing = Pacing(gap, cap)

    chosen = next_free_slot(slots, taken, now=now, audience_zone=SAIGON, pacing=pacing)

    def is_free(one: datetime) -> bool:
        day = one.astimezone(SAIGON).date()
        on_day = sum(other.astimezone(SAIGON).date() == day for other in taken)
        far = all(abs(one - other) >= gap and one != other for other in taken)
        return one > now and far and on_day < cap

    assert chosen == min((one for one in slots if is_free(one)), default=None)


@given(st.lists(INSTANTS, max_size=20), INSTANTS)
def test_the_nearest_taken_instant_is_found(taken: list[datetime], instant: datetime) -> None:
    nearest = Taken.of(taken, SAIGON).nearest(instant)

    assert nearest == min((abs(instant - other) for other in taken), default=None)


def test_slots_fall_on_their_weekdays_in_order_of_time() -> None:
    times = slot_times(
        [slot(0, "20:00"), slot(0, "07:30"), slot(6, "09:00")],
        zone="Asia/Ho_Chi_Minh",
        first=date(2026, 11, 16),
        last=date(2026, 11, 23),
    )

    assert [f"{one.planned.local:%d %H:%M}" for one in times] == [
        "16 07:30",
        "16 20:00",
        "22 09:00",
        "23 07:30",
        "23 20:00",
    ]
    assert times[0].at == datetime(2026, 11, 16, 0, 30, tzinfo=UTC)


def test_a_slot_inside_the_gap_moves_to_the_end_of_the_gap() -> None:
    """New York has no 02:30 on 14 March 2027."""
    [moved] = slot_times(
        [slot(6, "02:30")],
        zone="America/New_York",
        first=date(2027, 3, 14),
        last=date(2027, 3, 14),
    )

    assert f"{moved.planned.local:%H:%M}" == "03:00"
    assert moved.at == datetime(2027, 3, 14, 7, tzinfo=UTC)


def test_slots_that_the_gap_pushes_together_are_one() -> None:
    times = slot_times(
        [slot(6, "02:15"), slot(6, "02:45"), slot(6, "03:00"), slot(6, "02:15", channel_id=2)],
        zone="America/New_York",
        first=date(2027, 3, 14),
        last=date(2027, 3, 14),
    )

    assert [(one.channel_id, one.at.hour) for one in times] == [(1, 7), (2, 7)]


def test_a_slot_that_happens_twice_is_the_first_one_only() -> None:
    """New York has 01:30 twice on 7 November 2027."""
    [once] = slot_times(
        [slot(6, "01:30")], zone="America/New_York", first=date(2027, 11, 7), last=date(2027, 11, 7)
    )

    assert once.at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert once.planned.fold == 0


@pytest.mark.parametrize("zone", DST_ZONES)
@given(
    weekday=st.integers(0, 6),
    clock=st.times().map(lambda value: value.replace(second=0, microsecond=0, fold=0)),
    start=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)
def test_a_weekly_slot_comes_once_a_week_in_every_zone(
    zone: str, weekday: int, clock: time, start: date
) -> None:
    times = slot_times(
        [WeeklySlot(1, weekday, clock)], zone=zone, first=start, last=start + timedelta(days=363)
    )

    assert len(times) == 52
    for one in times:
        assert one.day.weekday() == weekday
        assert one.planned.instant() == one.at
        # Either the promised time, or the first valid one after a gap of at most an hour.
        late = one.planned.local - datetime.combine(one.day, clock)
        assert timedelta(0) <= late <= timedelta(hours=1)


def test_free_slots_leave_out_the_past_and_the_taken() -> None:
    times = slot_times(
        [slot(0, "08:00"), slot(0, "12:00"), slot(0, "20:00")],
        zone="UTC",
        first=date(2026, 6, 22),
        last=date(2026, 6, 22),
    )

    free = free_slot_times(times, Taken.of([at(20, 30)], LISBON), now=at(9), pacing=CALM)

    assert [one.at for one in free] == [at(12)]
