"""What the composer's buttons do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import PostState
from loa.create.rules.editing import STEPS, UnknownOrder, carry_out

THREE = PostState(
    shared=Document(
        (Part("One"), Part("Two", (Attachment(1), Attachment(2), Attachment(3))), Part("Three"))
    ),
    own={12: None, 13: Document((Part("Own"),))},
)


def parts(state: PostState) -> list[str]:
    return [part.caption for part in state.shared.parts]


def images(state: PostState, place: int = 1) -> list[int]:
    return [one.asset_id for one in state.shared.parts[place].attachments]


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ("add-part:s:0", ["One", "", "Two", "Three"]),
        ("add-part:s:2", ["One", "Two", "Three", ""]),
        ("drop-part:s:1", ["One", "Three"]),
        ("lift-part:s:2", ["One", "Three", "Two"]),
        ("lower-part:s:0", ["Two", "One", "Three"]),
        ("lift-part:s:0", ["One", "Two", "Three"]),
        ("lower-part:s:2", ["One", "Two", "Three"]),
        ("drop-part:s:9", ["One", "Two", "Three"]),
    ],
)
def test_parts_are_added_taken_out_and_moved(order: str, left: list[str]) -> None:
    assert parts(carry_out(THREE, order)) == left


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ("drop-image:s:1:0", [2, 3]),
        ("lift-image:s:1:2", [1, 3, 2]),
        ("lower-image:s:1:0", [2, 1, 3]),
        ("attach:s:1:8,9", [1, 2, 3, 8, 9]),
        ("attach:s:1:", [1, 2, 3]),
    ],
)
def test_images_are_added_taken_out_and_moved(order: str, left: list[int]) -> None:
    assert images(carry_out(THREE, order)) == left


def test_the_last_part_stays_and_is_emptied() -> None:
    alone = PostState(shared=Document((Part("One"),)))

    assert parts(carry_out(alone, "drop-part:s:0")) == [""]


def test_a_channel_goes_its_own_way_from_the_shared_words_and_comes_back() -> None:
    own = carry_out(THREE, "own:c12")

    assert own.own[12] == THREE.shared
    assert carry_out(own, "follow:c12") == THREE
    changed = carry_out(own, "drop-part:c12:0")
    assert (len(changed.document_for(12).parts), changed.shared) == (2, THREE.shared)


def test_an_order_about_a_channel_that_follows_or_is_not_chosen_changes_nothing() -> None:
    assert carry_out(THREE, "add-part:c12:0") == THREE
    assert carry_out(THREE, "own:c99") == THREE


@pytest.mark.parametrize(
    "order",
    [
        "",
        "x",
        "drop-part",
        "drop-part:s",
        "drop-part:s:-1",
        "drop-part:t:1",
        "own:s",
        "own:c",
        "attach:s:x:1",
        "attach:s:1:x",
        "drop-image:s:1",
        "lift-part:s:1:1",
    ],
)
def test_what_no_button_says_is_refused(order: str) -> None:
    with pytest.raises(UnknownOrder):
        carry_out(THREE, order)


@given(st.sampled_from(sorted(STEPS)), st.lists(st.integers(0, 5), max_size=3))
def test_no_order_loses_a_word_it_was_not_told_to_drop(verb: str, places: list[int]) -> None:
    order = ":".join([verb, "s", *map(str, places)])
    try:
        after = carry_out(THREE, order)
    except UnknownOrder:
        return

    lost = len(THREE.shared.parts) - len(after.shared.parts)
    assert lost <= (verb == "drop-part")
    assert after.own == THREE.own
    assert replace(after, shared=THREE.shared) == THREE
