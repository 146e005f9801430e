"""Where a folder may lie, and how the tree is read."""

from hypothesis import given
from hypothesis import strategies as st

from loa.library.rules.folders import DEEPEST, Branch, in_order, may_lie_in


@st.composite
def trees(draw: st.DrawFn) -> dict[int, int | None]:
    """A tree in which every folder lies in an earlier one or at the top."""
    parents: dict[int, int | None] = {}
    for one in range(1, draw(st.integers(1, 12)) + 1):
        parents[one] = draw(st.sampled_from([None, *parents]))
    return parents


def test_a_tree_reads_from_the_top_and_by_name_without_accents() -> None:
    seats = in_order([Branch(1, "Tết", None), Branch(2, "Ảnh món", None), Branch(3, "2027", 1)])

    assert [(one.name, one.depth) for one in seats] == [("Ảnh món", 0), ("Tết", 0), ("2027", 1)]
    assert seats[2].path == ("Tết", "2027")


def test_a_folder_never_lies_in_itself_or_below_itself() -> None:
    parents = {1: None, 2: 1, 3: 2}

    assert not may_lie_in(1, 1, parents)
    assert not may_lie_in(1, 3, parents)
    assert may_lie_in(3, 1, parents)
    assert may_lie_in(3, None, parents)
    assert not may_lie_in(3, 99, parents)


def test_the_tree_is_never_deeper_than_a_person_can_follow() -> None:
    chain = {one: one - 1 or None for one in range(1, DEEPEST + 1)}

    assert not may_lie_in(None, DEEPEST, chain)
    assert may_lie_in(None, DEEPEST - 1, chain)


@given(trees(), st.data())
def test_a_move_that_is_allowed_keeps_every_folder_reachable(
    parents: dict[int, int | None], data: st.DataObject
) -> None:
    folder = data.draw(st.sampled_from(sorted(parents)))
    target = data.draw(st.sampled_from([None, *parents]))

    if may_lie_in(folder, target, parents):
        moved = parents | {folder: target}
        branches = [Branch(one, str(one), parent) for one, parent in moved.items()]
        assert {seat.id for seat in in_order(branches)} == set(parents)
