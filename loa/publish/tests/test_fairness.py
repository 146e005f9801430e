"""Whose turn it is: nobody waits behind somebody else's bulk, nor behind a platform that hangs."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.publish.rules import fairness
from loa.publish.rules.fairness import Found, Held, Picked, Taking

channels = st.lists(
    st.builds(
        fairness.Waiting,
        channel_id=st.integers(1, 50),
        workspace_id=st.integers(1, 4),
        origin=st.sampled_from(["a", "b", "c"]),
        urgent=st.booleans(),
        since=st.integers(0, 99),
    ),
    min_size=1,
    max_size=20,
)


@given(channels, st.integers(1, 24), st.data())
def test_an_urgent_channel_never_stands_behind_bulk_work(
    waiting: list[fairness.Waiting], senders: int, data: st.DataObject
) -> None:
    in_use = data.draw(st.integers(0, senders - 1))
    busy = fairness.Busy(senders, in_use, {}, {})

    chosen = fairness.next_channel(waiting, busy)

    if any(one.urgent for one in waiting):
        assert chosen in {one.channel_id for one in waiting if one.urgent}


def test_bulk_work_leaves_senders_free_for_urgent_posts() -> None:
    bulk = fairness.Waiting(1, 1, "a", urgent=False, since=0)
    urgent = fairness.Waiting(2, 1, "a", urgent=True, since=9)
    busy = fairness.Busy(24, 21, {}, {})

    assert fairness.next_channel([bulk], busy) is None
    assert fairness.next_channel([bulk, urgent], busy) == 2


def test_the_workspace_with_the_least_under_way_comes_next() -> None:
    big = fairness.Waiting(1, 1, "a", urgent=False, since=0)
    small = fairness.Waiting(2, 2, "a", urgent=False, since=5)

    assert fairness.next_channel([big, small], fairness.Busy(24, 3, {1: 3}, {})) == 2


@pytest.mark.parametrize("senders", [2, 8, 24])
def test_one_slow_instance_never_holds_all_senders(senders: int) -> None:
    slow = fairness.Waiting(1, 1, "slow", urgent=True, since=0)
    most = fairness.most_for_one_origin(senders)
    busy = fairness.Busy(senders, most, {}, {"slow": most})

    assert most < senders
    assert fairness.next_channel([slow], busy) is None


@given(
    waiting=st.lists(st.integers(1, 60), unique=True),
    held=st.frozensets(st.integers(1, 60), max_size=20),
    most=st.integers(1, 30),
)
def test_a_worker_takes_no_more_channels_than_it_can_serve(
    waiting: list[int], held: frozenset[int], most: int
) -> None:
    found = [Found(one, f"origin {one}", urgent=False, bulk=True) for one in waiting]
    mine = Held({one: f"origin {one}" for one in held})

    chosen = fairness.channels_to_take(found, mine, most=most, room=100).anything

    new = [one for one in chosen if one not in held]
    assert chosen == [one for one in waiting if one in set(chosen)]
    assert held & set(waiting) <= set(chosen)
    assert len(new) <= max(0, most - len(held))
    assert not (len(new) < max(0, most - len(held)) and set(waiting) - set(chosen))


@given(channels=st.integers(20, 60), most=st.integers(2, 20))
def test_the_channels_of_one_instance_leave_place_for_another(channels: int, most: int) -> None:
    found = [Found(number, "slow", urgent=False, bulk=True) for number in range(channels)]
    found.append(Found(channels, "quick", urgent=False, bulk=True))

    chosen = fairness.channels_to_take(found, Held(), most=most, room=100).anything

    assert chosen[-1] == channels
    assert len(chosen) == 1 + fairness.most_for_one_origin(most)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=80), st.integers(1, 40))
def test_what_waits_for_one_instance_leaves_room_for_another(
    asked: list[tuple[bool, int]], room: int
) -> None:
    picked = [Picked(n, channel, urgent=urgent) for n, (urgent, channel) in enumerate(asked)]
    origins = dict.fromkeys(range(1, 5), "slow") | {5: "quick"}
    most = fairness.most_for_one_origin(room)

    taken = fairness.within_room(picked, origins, Held(waiting={"slow": 1}), room=room)

    bulk = Counter(origins[one.channel_id] for one in taken if not one.urgent)
    assert taken == [one for one in picked if one in taken]
    assert [one for one in picked if one.urgent] == [one for one in taken if one.urgent]
    assert bulk.total() <= max(0, room - 1)
    assert bulk["slow"] <= max(0, most - 1)
    assert bulk["quick"] <= most


def test_what_is_urgent_is_taken_though_there_is_room_for_nothing_else() -> None:
    found = [Found(1, "a", urgent=True, bulk=True), Found(2, "a", urgent=False, bulk=True)]
    held = Held({1: "a"}, full=frozenset({1}), waiting={"a": 10})

    assert fairness.channels_to_take(found, held, most=2, room=10) == Taking([], [1])
