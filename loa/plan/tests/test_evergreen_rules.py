"""What evergreen post fills which slot: never too soon, too often, too alike, or on quiet days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.plan.rules.days import local_day, monday_of
from loa.plan.rules.evergreen import Candidate, WhyNot, choose, fill, fresh_wording, why_not
from loa.plan.rules.likeness import is_too_like, likeness, says_the_same
from loa.plan.rules.pacing import Pacing, Taken, crowded

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 16, 2, tzinfo=UTC)
A = "Cà phê phin chảy chậm, ngồi lại một chút rồi hãy về."
B = "Sáng nay quán mở cửa sớm, bánh mì vừa ra lò còn nóng."
C = "Ai cần chỗ yên tĩnh để học bài thì lên tầng hai nhé."
CALM = Pacing(timedelta(hours=4), daily_cap=2)
TEXTS = st.text(alphabet="aăâbcdđeê ơuưgh,.!ÀẾ", max_size=60)


def a_candidate(number: int = 1, /, **changes: object) -> Candidate:
    values: dict[str, object] = {
        "evergreen_id": number,
        "wordings": (A, B),
        "last_at": NOW - timedelta(days=60),
        "last_words": A,
        "cooldown": timedelta(days=30),
        "most_repeats": 4,
    }
    return Candidate(**(values | changes))  # type: ignore[arg-type]


@given(one=TEXTS, other=TEXTS)
def test_likeness_is_a_share_and_takes_no_sides(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1
    assert is_too_like(one, one)


def test_accents_case_and_punctuation_make_no_other_wording() -> None:
    plain = "ca phe phin chay cham ngoi lai mot chut roi hay ve"

    assert says_the_same(A, plain)
    assert likeness(A, plain) == 1
    assert is_too_like(A, A.replace("chậm", "từ từ"))
    assert not is_too_like(A, B)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"last_at": NOW - timedelta(days=29)}, WhyNot.COOLING),
        ({"repeat_count": 4}, WhyNot.REPEATED_ENOUGH),
        ({"expires_on": date(2026, 11, 15)}, WhyNot.EXPIRED),
        ({"expires_on": date(2026, 11, 16)}, None),
        ({"wordings": (A,)}, WhyNot.NO_FRESH_WORDS),
        ({"wordings": (A, A.upper())}, WhyNot.NO_FRESH_WORDS),
    ],
)
def test_each_reason_not_to_say_it_has_a_name(
    changes: dict[str, object], why: WhyNot | None
) -> None:
    assert why_not(a_candidate(**changes), at=NOW, zone=SAIGON) is why


def test_the_identical_wording_is_blocked_on_the_same_channel() -> None:
    assert fresh_wording(a_candidate(wordings=(A, f"  {A.lower()}!!"), last_words=A)) is None


def test_wordings_take_turns_the_one_not_said_for_longest_first() -> None:
    turns = a_candidate(wordings=(A, B, C), said=(0, 1), last_words=B)

    assert fresh_wording(turns) == 2
    assert fresh_wording(a_candidate(wordings=(A, B, C), said=(0, 1, 2), last_words=C)) == 0


def test_the_one_that_rested_longest_is_chosen_with_its_reasons() -> None:
    older = a_candidate(2, last_at=NOW - timedelta(days=90))

    choice = choose([a_candidate(1), older], at=NOW, zone=SAIGON)

    assert choice is not None
    assert (choice.evergreen_id, choice.rested.days, choice.repeat_number) == (2, 90, 1)
    assert choice.wording_number == 1
    assert choice.likeness_ratio == likeness(A, B)


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        evergreen_id=st.integers(1, 12),
        wordings=st.lists(st.sampled_from([A, B, C, A.lower()]), min_size=1, max_size=4).map(tuple),
        last_at=st.integers(0, 200).map(lambda days: NOW - timedelta(days=days)),
        last_words=st.sampled_from([A, B, C]),
        cooldown=st.integers(1, 60).map(lambda days: timedelta(days=days)),
        most_repeats=st.integers(1, 4),
        expires_on=st.none() | st.dates(date(2026, 11, 10), date(2027, 1, 31)),
        repeat_count=st.integers(0, 4),
    ),
    max_size=8,
    unique_by=lambda one: one.evergreen_id,
)
HOURS = st.lists(st.integers(0, 24 * 60), max_size=40)


@given(
    candidates=CANDIDATES,
    slots=HOURS,
    taken=HOURS,
    quiet=st.sets(st.dates(date(2026, 11, 16), date(2027, 1, 31)), max_size=8),
    weekly_cap=st.integers(1, 4),
)
def test_filling_never_breaks_rest_cap_pacing_or_quiet(
    candidates: list[Candidate],
    slots: list[int],
    taken: list[int],
    quiet: set[date],
    weekly_cap: int,
) -> None:
    free = [NOW + timedelta(hours=hour) for hour in slots]
    spoken = Taken.of([NOW + timedelta(hours=hour, minutes=5) for hour in taken], SAIGON)

    choices = fill(
        free,
        candidates,
        taken=spoken,
        pacing=CALM,
        quiet=quiet,
        weekly_cap=weekly_cap,
        filled=(),
    )

    by_id = {one.evergreen_id: one for one in candidates}
    last = {one.evergreen_id: (one.last_at, one.last_words) for one in candidates}
    so_far = spoken
    for one in choices:
        source = by_id[one.evergreen_id]
        day = local_day(one.at, SAIGON)
        before, words = last[one.evergreen_id]
        said = source.wordings[one.wording_number]
        assert one.at in free
        assert one.at - before >= source.cooldown
        assert one.repeat_number <= source.most_repeats
        assert source.expires_on is None or day <= source.expires_on
        assert not is_too_like(said, words)
        assert day not in quiet
        assert crowded(one.at, so_far, CALM) is None
        so_far = so_far.with_one_more(one.at)
        last[one.evergreen_id] = (one.at, said)
    weeks = Counter(monday_of(local_day(one.at, SAIGON)) for one in choices)
    assert all(count <= weekly_cap for count in weeks.values())
    again = fill(
        free[::-1],
        candidates[::-1],
        taken=spoken,
        pacing=CALM,
        quiet=quiet,
        weekly_cap=weekly_cap,
        filled=(),
    )
    assert again == choices
