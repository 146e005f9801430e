"""Quotas: never more than one in any window, in order, the urgent first, evenly after that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.quotas import Quota, Scope, Told, quotas_of, told
from loa.publish.rules import quotas, sharing
from loa.publish.rules.lateness import LONGEST_GAP
from loa.publish.rules.quotas import Use
from loa.publish.rules.sharing import Asked

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TEN_A_MINUTE = Quota("posts", Scope.CHANNEL, allowed=10, window_s=60, part=1, medium=2)
KEY = "channel:1 posts"
MINE = {1: ((KEY, TEN_A_MINUTE),)}


def asks(number: int, *, urgent: bool = False, channel_id: int = 1, parts: int = 1) -> Asked:
    return Asked(number, channel_id, urgent, NOON + number * SECOND, parts=parts)


def sent_over_time(
    waiting: list[Asked], quota: Quota, *, depth: int = 4, steps: list[int]
) -> list[tuple[datetime, Asked]]:
    """Let a sender ask again and again, and return when each went out."""
    mine = {one.channel_id: ((KEY, quota),) for one in waiting}
    uses: dict[str, Use] = {}
    sent, now, left = [], NOON, list(waiting)
    for step_s in steps:
        ordered = sorted(left, key=lambda one: (not one.urgent, one.due_at))
        picked = ordered[:depth]
        share = sharing.share(
            picked, mine, uses, drained={1} if len(ordered) < depth else set(), now=now
        )
        uses = share.uses
        sent += [(now, one) for one in picked if one.delivery_id in share.taken]
        left = [one for one in left if one.delivery_id not in share.taken]
        now += step_s * SECOND
    return sent


posts = st.lists(st.tuples(st.booleans(), st.integers(1, 4)), min_size=1, max_size=40).map(
    lambda kinds: [asks(n, urgent=u, parts=p) for n, (u, p) in enumerate(kinds)]
)
steps = st.lists(st.integers(1, 40), min_size=5, max_size=60)
measures = st.builds(
    lambda allowed, window_s: replace(TEN_A_MINUTE, allowed=allowed, window_s=window_s),
    st.integers(4, 30),
    st.integers(24, 600),
)


@given(posts, steps, measures)
def test_no_window_ever_holds_more_than_the_quota(
    waiting: list[Asked], steps: list[int], quota: Quota
) -> None:
    sent = sent_over_time(waiting, quota, steps=steps)

    for begun, _ in sent:
        end = begun + timedelta(seconds=quota.window_s)
        assert sum(one.parts for at, one in sent if begun <= at < end) <= quota.allowed


@given(posts, steps, measures)
def test_nothing_overtakes_on_its_channel_but_what_is_urgent(
    waiting: list[Asked], steps: list[int], quota: Quota
) -> None:
    sent = [one for _, one in sent_over_time(waiting, quota, steps=steps)]

    for kind in (True, False):
        order = [one.delivery_id for one in sent if one.urgent is kind]
        assert order == sorted(order)


@given(posts, measures)
def test_everything_goes_out_in_the_end(waiting: list[Asked], quota: Quota) -> None:
    steps = [max(1, quota.window_s // 4)] * (len(waiting) * 8)

    sent = sent_over_time(waiting, quota, steps=steps)

    assert {one.delivery_id for _, one in sent} == {one.delivery_id for one in waiting}


def test_the_urgent_come_first_and_find_something_kept_for_them() -> None:
    bulk = [asks(number) for number in range(12)]

    share = sharing.share([*bulk, asks(99, urgent=True)], MINE, {}, drained=(), now=NOON)

    assert share.taken == [99, 0, 1, 2, 3, 4, 5, 6, 7]
    assert quotas.left(TEN_A_MINUTE, share.uses[KEY], now=NOON) == 1


def test_what_is_over_goes_out_evenly_and_not_at_once_when_the_window_ends() -> None:
    sent = sent_over_time([asks(number) for number in range(30)], TEN_A_MINUTE, steps=[1] * 240)

    late = [at for at, _ in sent[9:]]
    gaps = {(after - before).total_seconds() for before, after in pairwise(late)}
    assert len(sent) == 30
    assert min(gaps) >= 6


def test_spreading_ends_when_nobody_waits() -> None:
    full = sharing.share([asks(n) for n in range(12)], MINE, {}, drained=(), now=NOON)
    later = NOON + timedelta(minutes=2)

    rest = sharing.share([asks(11)], MINE, full.uses, drained={1}, now=later)

    assert full.uses[KEY].spreads
    assert not rest.uses[KEY].spreads


def test_a_full_quota_names_the_instant_at_which_there_is_room() -> None:
    use = quotas.spend(TEN_A_MINUTE, Use(), 10, now=NOON)

    at = quotas.free_at(TEN_A_MINUTE, use, 1, now=NOON)

    assert quotas.left(TEN_A_MINUTE, use, now=at) == 10
    assert quotas.left(TEN_A_MINUTE, use, now=at - 10 * SECOND) == 0
    assert NOON + 60 * SECOND <= at <= NOON + 66 * SECOND


def test_a_spent_quota_shuts_its_own_channel_only() -> None:
    mine = {**MINE, 2: (("channel:2 posts", TEN_A_MINUTE),)}
    used = {KEY: quotas.spend(TEN_A_MINUTE, Use(), 10, now=NOON)}

    share = sharing.share([asks(1), asks(2, channel_id=2)], mine, used, drained={2}, now=NOON)

    assert share.taken == [2]
    assert set(share.shut) == {1}


def test_channels_of_one_instance_share_its_quota() -> None:
    shared = replace(TEN_A_MINUTE, scope=Scope.ORIGIN)
    mine = {1: (("here posts", shared),), 2: (("here posts", shared),)}
    asked = [asks(number, channel_id=1 + number % 2) for number in range(14)]

    share = sharing.share(asked, mine, {}, drained=(), now=NOON)

    assert len(share.taken) == 9
    assert set(share.shut) == {1, 2}


def test_what_is_larger_than_the_whole_quota_goes_alone() -> None:
    share = sharing.share([asks(1, parts=40)], MINE, {}, drained={1}, now=NOON)

    assert share.taken == [1]


def test_the_platforms_count_is_believed_when_it_is_higher() -> None:
    heard = quotas.correct(TEN_A_MINUTE, Use(), Told("posts", 2, 30), now=NOON)

    assert quotas.left(TEN_A_MINUTE, heard, now=NOON) == 2
    assert quotas.left(TEN_A_MINUTE, heard, now=NOON + 45 * SECOND) == 10


def test_the_platforms_count_gives_nothing_back() -> None:
    used = quotas.spend(TEN_A_MINUTE, Use(), 6, now=NOON)

    heard = quotas.correct(TEN_A_MINUTE, used, Told("posts", 9, 30, allowed=12), now=NOON)

    assert quotas.left(TEN_A_MINUTE, heard, now=NOON) == 6


def test_what_was_missed_keeps_its_distance_when_it_goes_out_late() -> None:
    missed = [
        Asked(n, 1, urgent=False, due_at=NOON - timedelta(minutes=50 - 10 * n), late=True)
        for n in range(3)
    ]

    share = sharing.share(missed, {}, {}, drained={1}, now=NOON)

    assert share.taken == [0]
    assert share.shut[1].bulk_from == NOON + LONGEST_GAP


def test_what_was_planned_for_one_minute_goes_out_together_though_late() -> None:
    missed = [
        Asked(n, 1, urgent=False, due_at=NOON - timedelta(minutes=30), late=True) for n in range(3)
    ]

    assert sharing.share(missed, {}, {}, drained={1}, now=NOON).taken == [0, 1, 2]


def test_a_clock_that_went_back_frees_nothing() -> None:
    used = quotas.spend(TEN_A_MINUTE, Use(), 10, now=NOON)

    assert quotas.left(TEN_A_MINUTE, used, now=NOON - timedelta(hours=1)) == 0


def test_headers_tell_what_is_left() -> None:
    headers = {
        "x-ratelimit-limit": "300",
        "x-ratelimit-remaining": "12",
        "x-ratelimit-reset": "2026-03-02T12:05:00.000000Z",
        "date": "Mon, 02 Mar 2026 12:00:00 GMT",
    }

    assert told("posts", headers) == Told("posts", 12, 300.0, 300)
    assert told("posts", {}) is None
    assert told("posts", headers | {"x-ratelimit-remaining": "soon"}) is None


def test_a_channel_may_have_told_its_own_measure() -> None:
    [measured] = quotas_of((TEN_A_MINUTE,), {"quotas": {"posts": 4}})

    assert measured.allowed == 4
    assert quotas_of((TEN_A_MINUTE,), {"quotas": {"posts": -1}}) == (TEN_A_MINUTE,)


@given(st.integers(0, 400), st.integers(1, 30))
def test_looking_leaves_half_of_a_quota_to_what_is_published(used: int, looks: int) -> None:
    quota = Quota("requests", Scope.CHANNEL, allowed=300, window_s=300, part=1, look=1)
    use = quotas.spend(quota, Use(), used, now=NOON)

    begins = quotas.look_from(quota, use, looks, now=NOON)

    assert quotas.left(quota, use, now=begins) >= looks + 150
    assert begins == NOON or used + looks > 150


def test_a_quota_that_counts_no_looks_does_not_hold_them_back() -> None:
    full = quotas.spend(TEN_A_MINUTE, Use(), 10, now=NOON)

    assert quotas.look_from(TEN_A_MINUTE, full, 25, now=NOON) == NOON
