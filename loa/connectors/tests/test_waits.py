"""A platform's wait is read by the platform's own clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.waits import LONGEST_S, SHORTEST_S, retry_after_s

DATE = "Sun, 22 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "17"}, 17),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "Sun, 22 Nov 2026 10:02:00 GMT", "date": DATE}, 120),
        ({"x-reset": "2026-11-22T10:05:00.000Z", "date": DATE}, 300),
        ({"x-reset": "1795341660", "date": DATE}, 60),
        ({"x-reset": "2026-11-22T09:00:00Z", "date": DATE}, 1),
        ({"x-reset": "2030-11-22T09:00:00Z", "date": DATE}, LONGEST_S),
        ({"retry-after": "17", "x-reset": "2026-11-22T10:05:00Z", "date": DATE}, 17),
        ({"x-reset": "2026-11-22T10:05:00Z"}, 42),
        ({"retry-after": "soon"}, 42),
        ({}, 42),
    ],
)
def test_a_wait_is_found_where_the_platform_puts_it(headers: dict[str, str], wait_s: float) -> None:
    assert retry_after_s(headers, reset="x-reset", default_s=42) == wait_s


@given(st.text(), st.text())
def test_whatever_stands_there_a_wait_is_between_a_second_and_a_day(value: str, date: str) -> None:
    wait_s = retry_after_s({"retry-after": value, "date": date}, default_s=42)

    assert SHORTEST_S <= wait_s <= LONGEST_S
