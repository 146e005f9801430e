"""An alert is told once, does not flap, and a destination is written to when it may be."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.watch.rules import pacing
from loa.watch.rules.bars import DEFAULTS, Bar, Kind, Measure, is_wrong
from loa.watch.rules.judging import AGAIN_AFTER, CALM, Key, Open, judge

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


def rate(percent: float, *, tries: int = 100) -> Measure:
    return Measure(Kind.ERROR_RATE, "platform:sandbox", percent, base=tries)


def failed(count: int, channel: int = 1) -> Measure:
    return Measure(Kind.DELIVERY, f"channel:{channel}", count, count=count)


class Watch:
    """Judges minute by minute, keeps what is open and counts what was told."""

    def __init__(self) -> None:
        self.now = NOW
        self.standing: dict[Key, Open] = {}
        self.told: list[str] = []

    def see(self, *measures: Measure) -> None:
        judged = judge(measures, self.standing, DEFAULTS, now=self.now)
        for one in judged.opened:
            assert one.key not in self.standing, "a subject has one open alert"
            self.standing[one.key] = Open(one.count, one.count, self.now)
            self.told.append("opened")
        for one in judged.again:
            self.standing[one.key] = Open(one.count, one.count, self.now)
            self.told.append("again")
        for one in judged.changed:
            held = self.standing[one.key]
            self.standing[one.key] = Open(one.count, held.told_count, held.told_at)
        for key in judged.calmer:
            held = self.standing[key]
            self.standing[key] = Open(held.count, held.told_count, held.told_at, self.now)
        for key in judged.over:
            del self.standing[key]
            self.told.append("over")
        self.now += MINUTE


def test_what_stays_wrong_is_told_once() -> None:
    watch = Watch()

    for _ in range(50):
        watch.see(failed(3))

    assert watch.told == ["opened"]


def test_what_gets_worse_is_told_again_but_not_within_the_hour() -> None:
    watch = Watch()

    for minute in range(130):
        watch.see(failed(minute + 1))

    assert watch.told == ["opened", "again", "again"]


def test_it_is_over_only_after_a_while_of_calm() -> None:
    watch = Watch()
    watch.see(failed(1))

    for _ in range(CALM // MINUTE):
        watch.see()
    assert watch.told == ["opened"]
    watch.see()

    assert watch.told == ["opened", "over"]


def test_what_comes_and_goes_is_one_alert() -> None:
    watch = Watch()

    for minute in range(200):
        watch.see(*[failed(1)] * (minute % 3 == 0))

    assert watch.told == ["opened"]


@given(st.lists(st.integers(0, 100), max_size=180))
def test_no_course_of_a_rate_is_told_more_than_calm_allows(course: list[int]) -> None:
    watch = Watch()

    for percent in course:
        watch.see(rate(percent))

    most = 2 * (len(course) // (CALM // MINUTE) + 1)
    assert len(watch.told) <= most
    assert "again" not in watch.told
    assert watch.told == (["opened", "over"] * len(watch.told))[: len(watch.told)]


@given(st.lists(st.lists(st.integers(1, 5), unique=True, max_size=5), max_size=120))
def test_each_subject_has_one_open_alert_and_ends_after_it_began(course: list[list[int]]) -> None:
    watch = Watch()

    for channels in course:
        watch.see(*[failed(1, channel) for channel in channels])
        assert {key[1] for key in watch.standing} >= {f"channel:{one}" for one in channels}

    assert watch.told.count("over") + len(watch.standing) == watch.told.count("opened")


def test_the_same_subject_measured_twice_opens_one_alert() -> None:
    judged = judge([failed(1), failed(2)], {}, DEFAULTS, now=NOW)

    assert len(judged.opened) == 1


@pytest.mark.parametrize(
    ("percent", "tries", "is_open", "expected"),
    [
        (30, 10, False, True),
        (29.9, 10, False, False),
        (100, 9, False, False),  # nine tries say nothing yet
        (25, 10, True, True),  # between 24 and 30 it goes on
        (23.9, 10, True, False),
        (100, 0, True, False),
    ],
)
def test_a_rate_opens_at_its_bar_and_ends_clearly_below(
    percent: float, tries: int, *, is_open: bool, expected: bool
) -> None:
    bar = DEFAULTS[Kind.ERROR_RATE]

    assert is_wrong(rate(percent, tries=tries), bar, is_open=is_open) is expected


@pytest.mark.parametrize(
    ("free", "is_open", "expected"),
    [(2.0, False, True), (2.1, False, False), (2.3, True, True), (2.5, True, False)],
)
def test_little_room_opens_at_its_bar_and_ends_clearly_above(
    free: float, *, is_open: bool, expected: bool
) -> None:
    measure = Measure(Kind.DISK_LOW, "", free)

    assert is_wrong(measure, Bar(limit=2), is_open=is_open) is expected


def test_what_is_switched_off_is_never_wrong() -> None:
    assert not is_wrong(failed(9), Bar(is_on=False), is_open=True)


def test_again_after_is_longer_than_calm() -> None:
    assert AGAIN_AFTER > CALM


@pytest.mark.parametrize(
    ("local", "begins", "ends", "until"),
    [
        ("23:30", "22:00", "07:00", "2026-03-03T07:00"),
        ("02:00", "22:00", "07:00", "2026-03-02T07:00"),
        ("07:00", "22:00", "07:00", None),
        ("12:30", "12:00", "13:30", "2026-03-02T13:30"),
        ("13:30", "12:00", "13:30", None),
        ("12:30", "12:00", "12:00", None),
    ],
)
def test_quiet_hours_end_at_a_local_time(
    local: str, begins: str, ends: str, until: str | None
) -> None:
    now = datetime.combine(NOW.date(), time.fromisoformat(local), tzinfo=SAIGON).astimezone(UTC)

    found = pacing.quiet_until(
        now, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), zone=SAIGON
    )

    assert found == (until and datetime.fromisoformat(until).replace(tzinfo=SAIGON))


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
    st.times(),
    st.times(),
    st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York"]),
)
def test_quiet_hours_always_end_within_about_a_day(
    at: datetime, begins: time, ends: time, zone: str
) -> None:
    now = at.replace(tzinfo=UTC)

    until = pacing.quiet_until(now, begins=begins, ends=ends, zone=ZoneInfo(zone))

    if until is not None:
        assert now - timedelta(hours=2) < until <= now + timedelta(hours=26)


def test_waits_grow_up_to_a_limit_and_never_fall_short_of_what_was_asked() -> None:
    waits = [pacing.wait_after(tries) for tries in range(1, 30)]

    assert waits == sorted(waits)
    assert waits[0] == pacing.FIRST_WAIT
    assert waits[-1] == pacing.LONGEST_WAIT
    assert pacing.wait_after(1, asked=timedelta(hours=3)) == timedelta(hours=3)
    assert pacing.wait_after(1, asked=timedelta(days=9)) == timedelta(days=1)


def test_the_end_of_an_interface_is_told_so_many_days_before_and_until_it_is_mended() -> None:
    told = [
        days
        for days in (31.0, 30.0, 1.0, -3.0)
        if is_wrong(
            Measure(Kind.API_ENDING, "platform:sandbox", days),
            DEFAULTS[Kind.API_ENDING],
            is_open=False,
        )
    ]

    assert told == [30.0, 1.0, -3.0]
