"""What platforms answer is read without trusting it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.connectors import reading
from loa.connectors.contract import Answer
from loa.connectors.errors import NotSent, Uncertain
from loa.connectors.reading import Unreadable
from loa.kernel.json import JSON

ANYTHING: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b", ""]), inner),
)


@pytest.mark.parametrize(
    "found", [None, "", "  ", 5, True, [], {}, "a\0b", "\ud800", "x" * 100_001]
)
def test_what_no_database_can_keep_is_no_text(found: JSON) -> None:
    with pytest.raises(Unreadable):
        reading.text({"a": found}, "a")

    assert reading.text_or({"a": found}, "a", default="-") == "-"


@pytest.mark.parametrize("found", [-1, 1.5, "7", True, None, 2**60])
def test_a_count_is_a_whole_number(found: JSON) -> None:
    with pytest.raises(Unreadable):
        reading.count({"a": found}, "a")


@pytest.mark.parametrize(
    "found", ["javascript:alert(1)", "//x.example", "data:,", "https://a b", "", None]
)
def test_an_address_is_one_that_a_page_may_link_to(found: JSON) -> None:
    with pytest.raises(Unreadable):
        reading.web_address({"a": found}, "a")


@pytest.mark.parametrize("found", ["yesterday", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00"])
def test_an_instant_has_a_zone(found: JSON) -> None:
    with pytest.raises(Unreadable):
        reading.instant({"a": found}, "a")


@given(ANYTHING)
def test_no_shape_breaks_a_reader(body: JSON) -> None:
    for read in (reading.text, reading.count, reading.rows, reading.instant, reading.web_address):
        try:
            read(body, "a", "b")
        except Unreadable:
            continue
    assert isinstance(reading.texts(body, "a"), tuple)


def test_a_success_that_cannot_be_read_may_be_live() -> None:
    answer = Answer(200, {"no": "id"})

    with pytest.raises(Uncertain):
        reading.read_visible(answer, lambda body: reading.text(body, "id"), platform="test")
    with pytest.raises(NotSent):
        reading.read_from(answer, lambda body: reading.text(body, "id"), platform="test")
