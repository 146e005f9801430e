"""Posts of a queue trade places; nothing is lost on the way."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from loa.plan.rules.pacing import Pacing, Taken
from loa.plan.rules.queue import Waiting, close_up, trade

START = datetime(2026, 11, 16, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
LOOSE = Pacing(timedelta(0), daily_cap=9)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def queue(*pairs: tuple[int, int]) -> list[Waiting]:
    return [Waiting(hour(at), variant_id) for variant_id, at in pairs]


def test_moving_up_trades_times_with_the_one_before() -> None:
    changed = trade(queue((1, 8), (2, 12), (3, 20)), variant_id=3, steps=-1)

    assert set(changed) == {Waiting(hour(12), 3), Waiting(hour(20), 2)}


def test_the_first_cannot_move_up() -> None:
    assert trade(queue((1, 8), (2, 12)), variant_id=1, steps=-1) == ()


def test_to_the_very_front_pushes_the_others_one_place_back() -> None:
    changed = trade(queue((1, 8), (2, 12), (3, 20)), variant_id=3, steps=-99)

    assert set(changed) == {Waiting(hour(8), 3), Waiting(hour(12), 1), Waiting(hour(20), 2)}


@given(st.integers(1, 12), st.data())
def test_trading_keeps_the_same_times_taken(size: int, data: st.DataObject) -> None:
    line = queue(*((number, number * 3) for number in range(size)))
    chosen = data.draw(st.integers(0, size - 1))

    changed = trade(line, variant_id=chosen, steps=data.draw(st.integers(-15, 15)))

    after = {one.variant_id: one.at for one in line} | {one.variant_id: one.at for one in changed}
    assert sorted(after.values()) == [one.at for one in line]
    assert set(after) == {one.variant_id for one in line}


def test_closing_up_fills_the_hole_and_keeps_the_order() -> None:
    changed = close_up(
        queue((1, 12), (2, 20)),
        slots=[hour(8), hour(12), hour(20)],
        taken=Taken.of([], UTC_ZONE),
        now=hour(0),
        pacing=LOOSE,
    )

    assert changed == (Waiting(hour(8), 1), Waiting(hour(12), 2))


def test_closing_up_never_crowds_a_post_outside_the_queue() -> None:
    changed = close_up(
        queue((1, 20)),
        slots=[hour(8), hour(10)],
        taken=Taken.of([hour(9)], UTC_ZONE),
        now=hour(0),
        pacing=Pacing(timedelta(hours=2), daily_cap=9),
    )

    assert changed == ()


@given(
    st.lists(st.integers(1, 200), unique=True, max_size=10),
    st.lists(st.integers(1, 200), unique=True, max_size=30),
)
def test_closing_up_never_moves_a_post_later_or_past_another(
    taken_hours: list[int], slot_hours: list[int]
) -> None:
    line = queue(*enumerate(sorted(taken_hours)))

    changed = close_up(
        line,
        slots=[hour(number) for number in slot_hours],
        taken=Taken.of([], UTC_ZONE),
        now=START,
        pacing=Pacing(timedelta(0), daily_cap=99),
    )

    after = {one.variant_id: one.at for one in line} | {one.variant_id: one.at for one in changed}
    times = [after[one.variant_id] for one in line]
    assert times == sorted(times)
    assert len(set(times)) == len(times)
    assert all(after[one.variant_id] <= one.at for one in line)
