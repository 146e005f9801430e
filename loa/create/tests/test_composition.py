"""A caption in stretches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.create.rules.composition import first_link_host, shown_link, stretches


@pytest.mark.parametrize(
    ("caption", "kinds"),
    [
        ("Chào", ["text"]),
        ("#CàPhê và @bến nhé", ["hashtag", "text", "mention", "text"]),
        ("Xem https://ben.example/a#b @an@town.example", ["text", "link", "text", "mention"]),
        ("an@ben.example", ["text"]),
        ("", []),
    ],
)
def test_tags_mentions_and_links_stand_out(caption: str, kinds: list[str]) -> None:
    assert [one.kind for one in stretches(caption)] == kinds


@given(st.text(alphabet="ab #@./:ế\n", max_size=60))
def test_no_letter_of_a_caption_is_lost(caption: str) -> None:
    assert "".join(one.text for one in stretches(caption)) == caption


def test_a_link_is_shown_short_and_its_host_is_known() -> None:
    link = "https://www.ben.example/menu/mua-thu/?utm_source=a-long-one"

    assert shown_link(link) == "ben.example/menu/mua-thu/?utm_sou…"
    assert first_link_host(f"Xem {link}") == "www.ben.example"
    assert first_link_host("Xem") == ""
