"""Counting as a reader counts."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from practice_network.text import count_graphemes, fold, hashtags, links, mentions, normalise


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Cà phê", 6),
        ("Ca\u0300 phe\u0302", 6),
        ("a\r\nb", 3),
        ("☕️", 1),
        ("👩‍🍳", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽", 1),
        ("🇻🇳🇫🇷", 2),
        ("🇻🇳🇫", 2),
        ("1️⃣", 1),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("각", 1),
        ("\u1100\u1161\u11a8", 1),
        ("ế" * 500, 500),
    ],
)
def test_a_reader_would_count_the_same(text: str, count: int) -> None:
    assert count_graphemes(text) == count


ALPHABET = st.sampled_from(
    "abc ế\n\r\tđ.!#1\u0302\u0301\u200d\u200c\ufe0f\u20e3👍👩🍳🏽☕❤🇻🇳각\u1100\u1161\u11a8กา"
)


@given(st.text(ALPHABET, max_size=14))
def test_it_agrees_with_unicode_where_people_write(text: str) -> None:
    whole = regex.findall(r"\X", text)

    # A joiner is read generously: Unicode wants a picture before it, a reader sees none at all.
    if "\u200d" not in text:
        assert count_graphemes(text) == len(whole)
    else:
        assert count_graphemes(text) <= len(text)


def test_text_is_composed_and_has_plain_line_ends() -> None:
    assert normalise("Ca\u0300\r\nphe\u0302\r") == "Cà\nphê\n"


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(UnicodeEncodeError):
        normalise("a\ud800")


def test_folding_forgets_case_and_marks() -> None:
    assert fold("Giảm GIÁ Đậm") == "giam gia dam"


def test_what_is_marked_in_a_text_is_found() -> None:
    text = "Ghé https://quan.example/a. Cùng @linh.n042 và @mai, #càphê #123 a@b.c"

    assert links(text) == ["https://quan.example/a"]
    assert mentions(text) == ["linh.n042", "mai"]
    assert hashtags(text) == ["càphê"]
