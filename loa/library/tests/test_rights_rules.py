"""Until when a picture may be used."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loa.library.rules.rights import (
    Agreed,
    Ended,
    Rights,
    Standing,
    ended_by,
    standing,
    usable_until,
)

MONDAY = date(2026, 3, 2)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
AGREED = st.builds(Agreed, st.sampled_from(["Lan", "Minh"]), st.none() | DAYS)
RIGHTS = st.builds(Rights, st.none() | DAYS, st.lists(AGREED, max_size=4).map(tuple))


def test_the_last_day_still_counts() -> None:
    rights = Rights(until=MONDAY)

    assert ended_by(rights, on=MONDAY) == ()
    assert ended_by(rights, on=MONDAY + timedelta(days=1)) == (Ended(MONDAY),)


def test_whose_consent_ended_is_named() -> None:
    rights = Rights(agreed=(Agreed("Lan", MONDAY), Agreed("Minh"), Agreed("Hoa", MONDAY)))

    ended = ended_by(rights, on=date(2026, 4, 1))

    assert [one.person for one in ended] == ["Lan", "Hoa"]


def test_two_weeks_ahead_it_is_said_to_end() -> None:
    assert standing(None, today=MONDAY) is Standing.OPEN
    assert standing(MONDAY + timedelta(days=15), today=MONDAY) is Standing.OPEN
    assert standing(MONDAY + timedelta(days=14), today=MONDAY) is Standing.ENDING
    assert standing(MONDAY, today=MONDAY) is Standing.ENDING
    assert standing(MONDAY - timedelta(days=1), today=MONDAY) is Standing.ENDED


@given(RIGHTS, DAYS)
def test_a_picture_may_be_used_exactly_up_to_its_last_day(rights: Rights, on: date) -> None:
    last = usable_until(rights)

    assert bool(ended_by(rights, on=on)) == (last is not None and last < on)
    assert (standing(last, today=on) is Standing.ENDED) == bool(ended_by(rights, on=on))


@given(RIGHTS, DAYS, DAYS)
def test_what_has_ended_never_holds_again(rights: Rights, one: date, other: date) -> None:
    early, late = sorted([one, other])

    assert set(ended_by(rights, on=early)) <= set(ended_by(rights, on=late))


@given(RIGHTS, AGREED)
def test_one_more_consent_never_makes_it_usable_for_longer(rights: Rights, more: Agreed) -> None:
    before = usable_until(rights)
    after = usable_until(Rights(rights.until, (*rights.agreed, more)))

    assert before is None or (after is not None and after <= before)
