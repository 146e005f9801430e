"""Who may agree, and when enough have."""

from hypothesis import given
from hypothesis import strategies as st

from loa.create.rules.review import Mode, Rule, WhyNot, barred, is_satisfied, wanted, why_not

ANA, BEN, CHLOE, DAO = 1, 2, 3, 4
ABLE = frozenset({ANA, CHLOE, DAO})
ANY = Rule(Mode.ANY)
BOTH = Rule(Mode.ALL, listed=frozenset({ANA, CHLOE}))


def satisfied(
    rule: Rule, *by: int, against: tuple[int, ...] = (), own: tuple[int, ...] = (BEN,)
) -> bool:
    return is_satisfied(rule, approved_by=by, against=against, able=ABLE, own=own)


def test_one_approver_is_enough_where_the_rule_says_so() -> None:
    assert satisfied(ANY, CHLOE)
    assert not satisfied(ANY)


def test_everyone_on_the_list_must_agree() -> None:
    assert not satisfied(BOTH, ANA)
    assert satisfied(BOTH, ANA, CHLOE)
    assert not satisfied(BOTH, DAO)


def test_writer_and_last_editor_do_not_approve_their_own() -> None:
    own = barred(ANY, writer=ANA, last_editor=DAO)

    assert own == {ANA, DAO}
    assert why_not(ANY, member=DAO, able=ABLE, own=own) == WhyNot.OWN_POST
    assert not is_satisfied(ANY, approved_by={ANA}, against=(), able=ABLE, own=own)
    assert barred(Rule(Mode.ANY, may_approve_own=True), writer=ANA, last_editor=ANA) == set()


def test_a_listed_member_who_wrote_it_is_not_waited_for() -> None:
    assert satisfied(BOTH, CHLOE, own=(ANA,))


def test_a_list_of_nobody_left_asks_for_any_other_approver() -> None:
    gone = Rule(Mode.ALL, listed=frozenset({9}))

    assert wanted(gone, able=ABLE, own=()) == set()
    assert not satisfied(gone)
    assert satisfied(gone, DAO)
    assert not satisfied(BOTH, ANA, own=(ANA, CHLOE))
    assert satisfied(BOTH, DAO, own=(ANA, CHLOE))


def test_a_wish_for_changes_stands_against_the_approval_of_another() -> None:
    assert not satisfied(ANY, ANA, against=(CHLOE,))


def test_an_approval_by_somebody_who_may_not_counts_for_nothing() -> None:
    assert not satisfied(ANY, BEN, own=())
    assert why_not(ANY, member=BEN, able=ABLE, own=()) == WhyNot.NO_ABILITY
    assert why_not(BOTH, member=DAO, able=ABLE, own=()) == WhyNot.NOT_LISTED


members = st.frozensets(st.integers(1, 5))


@given(st.sampled_from(list(Mode)), members, members, members, members)
def test_nothing_is_ever_approved_by_its_own_people_alone(
    mode: Mode,
    listed: frozenset[int],
    able: frozenset[int],
    own: frozenset[int],
    votes: frozenset[int],
) -> None:
    done = is_satisfied(
        Rule(mode, listed=listed), approved_by=votes, against=(), able=able, own=own
    )

    if done:
        assert votes & able - own
