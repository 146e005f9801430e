"""Adding clicks up in memory."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loa.measure.rules.clicks import Book, Count

MONDAY = date(2026, 3, 2)
clicks = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["ana", "ben", "chloe"]), st.booleans())
)


def add(
    book: Book, link: int = 1, *, by: str = "ana", robot: bool = False, on: date = MONDAY
) -> None:
    book.add(link, workspace_id=1, on=on, visitor=by, robot=robot)


@given(clicks)
def test_every_request_is_counted_once_as_a_person_or_a_robot(
    asked: list[tuple[int, str, bool]],
) -> None:
    book = Book()
    for link, by, robot in asked:
        add(book, link, by=by, robot=robot)

    counts = {one.link_id: one for one in book.take()}

    for link in {link for link, _by, _robot in asked}:
        people = [by for at, by, robot in asked if at == link and not robot]
        robots = [by for at, by, robot in asked if at == link and robot]
        one = counts[link]
        assert (one.clicks, one.visitors, one.robots) == (
            len(people),
            len(set(people)),
            len(robots),
        )
    assert book.take() == []


def test_a_visitor_is_known_until_the_next_day() -> None:
    book = Book()
    add(book)
    book.take()

    add(book)
    add(book, on=MONDAY + timedelta(days=1))

    assert [(one.clicks, one.visitors) for one in book.take()] == [(1, 0), (1, 1)]


def test_nothing_of_a_visitor_outlives_the_day() -> None:
    book = Book()
    add(book, by="203.0.113.9 Firefox")
    add(book, on=MONDAY + timedelta(days=3))

    assert MONDAY not in book._seen
    assert MONDAY not in book._salts
    assert "203.0.113.9" not in repr(book)


def test_a_storm_on_more_links_than_fit_is_counted_as_dropped() -> None:
    book = Book(most_days=2)
    for link in (1, 2, 3, 3):
        add(book, link)

    assert book.dropped == 2
    assert [one.link_id for one in book.take()] == [1, 2]


def test_more_visitors_than_can_be_told_apart_are_said_to_be_more() -> None:
    book = Book(most_visitors=2)
    for by in ("ana", "ben", "chloe", "ana"):
        add(book, by=by)

    [one] = book.take()

    assert (one.clicks, one.visitors, one.is_partial) == (4, 2, True)


def test_what_could_not_be_written_is_added_to_what_came_meanwhile() -> None:
    book = Book()
    add(book)
    taken = book.take()
    add(book, by="ben")

    book.put_back(taken)

    assert book.take() == [Count(1, 1, MONDAY, clicks=2, visitors=2)]
