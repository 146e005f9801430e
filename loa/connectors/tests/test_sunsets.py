"""The end of an interface is read from headers, and only from those of the platform itself."""

from datetime import UTC, datetime

import pytest

from loa.connectors.contract import Answer, Request
from loa.connectors.sunsets import Sunset, sooner, told

SIGNED = Request("GET", "https://a.example/", headers={"Authorization": "Bearer x"})
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        ({"sunset": "Fri, 01 Jan 2027 00:00:00 GMT"}, Sunset(NEW_YEAR)),
        ({"sunset": "2027-01-01T07:00:00+07:00"}, Sunset(NEW_YEAR)),
        ({"sunset": "soon"}, None),
        ({"sunset": "soon", "deprecation": "true"}, Sunset()),
        ({"deprecation": "@1688169599"}, Sunset()),
        ({"deprecation": "Sun, 11 Nov 2018 23:59:59 GMT"}, Sunset()),
        ({"deprecation": "false"}, None),
        ({"deprecation": ""}, None),
    ],
)
def test_headers_say_when_it_ends(headers: dict[str, str], said: Sunset | None) -> None:
    assert told(SIGNED, Answer(200, headers=headers)) == said


def test_a_page_that_is_asked_without_the_grant_says_nothing_of_the_platform() -> None:
    answer = Answer(200, headers={"sunset": "Fri, 01 Jan 2027 00:00:00 GMT"})

    assert told(Request("GET", "https://blog.example/"), answer) is None


def test_the_sooner_announcement_counts_and_a_named_day_before_none() -> None:
    later = Sunset(datetime(2027, 2, 1, tzinfo=UTC))

    assert sooner(later, Sunset(NEW_YEAR)) == Sunset(NEW_YEAR)
    assert sooner(Sunset(), later) == later
    assert sooner(None, Sunset()) == Sunset()
    assert sooner(None, None) is None
