"""Posts in each other's way, and days without any."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from loa.plan.rules.clashes import ClashKind, find_clashes
from loa.plan.rules.gaps import EmptyDay, channels_on_rhythm, empty_days
from loa.plan.rules.slots import WeeklySlot, slot_times

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


class Planned(NamedTuple):
    variant_id: int
    channel_id: int
    planned_at: datetime
    text_key: str


def variant(number: int, after: timedelta, channel_id: int = 1, text: str = "") -> Planned:
    return Planned(number, channel_id, NOON + after, text)


def clashes(*variants: Planned, gap: timedelta = HOUR) -> list[tuple[str, int, int]]:
    found = find_clashes(variants, min_gaps={1: gap}, default_gap=HOUR)
    return [(one.kind.value, one.first.variant_id, one.second.variant_id) for one in found]


def test_two_posts_on_one_channel_within_the_gap_clash() -> None:
    found = clashes(variant(1, timedelta(0)), variant(2, timedelta(minutes=59)))

    assert found == [("too_close", 1, 2)]


def test_exactly_the_gap_is_far_enough() -> None:
    assert clashes(variant(1, timedelta(0)), variant(2, HOUR)) == []


def test_two_channels_do_not_clash() -> None:
    assert clashes(variant(1, timedelta(0)), variant(2, timedelta(0), channel_id=2)) == []


def test_the_same_instant_clashes_even_without_a_minimum_gap() -> None:
    found = clashes(variant(1, HOUR), variant(2, HOUR), gap=timedelta(0))

    assert found == [("too_close", 1, 2)]


def test_the_same_text_within_a_month_is_a_clash() -> None:
    found = clashes(
        variant(1, timedelta(0), text="ca phe"),
        variant(2, timedelta(days=20), text="ca phe"),
        variant(3, timedelta(days=21), text="tra"),
        variant(4, timedelta(days=51), text="ca phe"),
    )

    assert found == [("same_text", 1, 2)]


def test_posts_without_a_text_are_never_repeats() -> None:
    assert clashes(variant(1, timedelta(0)), variant(2, timedelta(days=1))) == []


@given(st.lists(st.integers(0, 3000), max_size=30), st.integers(0, 600))
def test_neighbours_clash_exactly_when_they_are_closer_than_the_gap(
    minutes: list[int], gap_minutes: int
) -> None:
    gap = timedelta(minutes=gap_minutes)
    variants = [variant(n, timedelta(minutes=minute)) for n, minute in enumerate(minutes)]

    found = find_clashes(variants, min_gaps={}, default_gap=gap)

    expected = sum(b - a < gap_minutes or a == b for a, b in pairwise(sorted(minutes)))
    assert len(found) == expected
    assert all(one.kind is ClashKind.TOO_CLOSE and one.apart >= timedelta(0) for one in found)


def test_a_day_with_slots_and_no_post_is_empty() -> None:
    times = slot_times(
        [WeeklySlot(1, 0, time(8)), WeeklySlot(1, 2, time(8)), WeeklySlot(2, 2, time(9))],
        zone="Asia/Ho_Chi_Minh",
        first=date(2026, 11, 16),
        last=date(2026, 11, 22),
    )
    # 23:30 UTC on Tuesday is Wednesday morning in Saigon: channel 1 speaks that day.
    taken = [(1, datetime(2026, 11, 17, 23, 30, tzinfo=UTC))]

    empty = empty_days(times, taken, zone="Asia/Ho_Chi_Minh", from_day=date(2026, 11, 17))

    assert empty == (EmptyDay(date(2026, 11, 18), 2),)
    assert channels_on_rhythm(empty, [1, 2, 3]) == 2
