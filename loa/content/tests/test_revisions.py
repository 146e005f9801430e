"""Two people at one post: nothing is lost, and what differs is shown in words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import FOLLOWS, Piece, PostState, changes, merge, words_compared

MORNING = PostState(title="Loaves", shared=Document((Part("Fresh at nine."),)), own={1: None})


def saying(text: str) -> Document:
    return Document((Part(text),))


def test_a_state_survives_being_kept() -> None:
    state = replace(MORNING, campaign_id=3, own={1: None, 2: saying("For the market")})

    assert PostState.from_json(state.to_json()) == state


def test_changes_to_different_fields_are_both_kept() -> None:
    mine, theirs = replace(MORNING, title="Rolls"), replace(MORNING, shared=saying("At ten."))

    merged = merge(MORNING, mine=mine, theirs=theirs)

    assert merged.state == replace(MORNING, title="Rolls", shared=saying("At ten."))
    assert (merged.clashes, merged.mine, merged.theirs) == ((), ("title",), ("shared",))


def test_two_versions_of_one_field_clash_and_theirs_stands_until_somebody_chooses() -> None:
    mine, theirs = (replace(MORNING, shared=saying(text)) for text in ("At ten.", "At eight."))

    merged = merge(MORNING, mine=mine, theirs=theirs)

    assert merged.clashes == ("shared",)
    assert merged.state == theirs


def test_without_the_common_past_every_difference_is_asked() -> None:
    mine = replace(MORNING, title="Rolls", own={1: None, 2: None})

    assert merge(None, mine=mine, theirs=MORNING).clashes == ("title", "channel:2")


def test_a_channel_added_here_and_a_text_changed_there_do_not_clash() -> None:
    mine = replace(MORNING, own={1: None, 2: saying("For the market")})
    theirs = replace(MORNING, own={})

    merged = merge(MORNING, mine=mine, theirs=theirs)

    assert merged.state.own == {2: saying("For the market")}
    assert merged.clashes == ()


def test_a_change_of_words_shows_what_went_and_what_came() -> None:
    assert words_compared("Cà phê lúc chín giờ.", "Cà phê sữa lúc mười giờ.") == (
        Piece("same", "Cà phê "),
        Piece("added", "sữa "),
        Piece("same", "lúc "),
        Piece("removed", "chín"),
        Piece("added", "mười"),
        Piece("same", " giờ."),
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_spell_both_texts(old: str, new: str) -> None:
    pieces = words_compared(old, new)

    assert "".join(one.text for one in pieces if one.kind != "added") == old
    assert "".join(one.text for one in pieces if one.kind != "removed") == new


def test_a_long_text_is_compared_by_lines() -> None:
    old = "word word word\n" * 2000

    assert words_compared(old, old + "end") == (Piece("same", old), Piece("added", "end"))


def test_every_kind_of_change_is_named() -> None:
    new = PostState(
        title="Rolls",
        language="en",
        campaign_id=4,
        shared=Document((Part("Fresh at nine.", (Attachment(8),)), Part("More")), "Menu"),
        own={2: saying("Market")},
    )

    found = [(one.field, one.what, one.part) for one in changes(MORNING, new)]

    assert found == [
        ("title", "title", None),
        ("language", "language", None),
        ("campaign", "campaign", None),
        ("shared", "images", 0),
        ("shared", "text", 1),
        ("shared", "first_comment", None),
        ("channel:1", "left", None),
        ("channel:2", "chosen", None),
        ("channel:2", "text", 0),
    ]


def test_going_its_own_way_and_coming_back_are_changes() -> None:
    own = replace(MORNING, own={1: saying("Own")})

    assert [one.what for one in changes(MORNING, own)] == ["text"]
    assert [one.what for one in changes(own, MORNING)] == ["followed"]
    assert MORNING.fields()["channel:1"] == FOLLOWS
