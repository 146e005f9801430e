"""An announced or declared end of an interface holds as long as it is true."""

from datetime import UTC, date, datetime, timedelta

from loa.channels.rules.sunsets import FORGOTTEN_AFTER, ApiEnd, api_end, to_write
from loa.connectors.sunsets import Sunset

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MARCH = datetime(2027, 3, 1, tzinfo=UTC)


def test_nothing_known_is_nothing_said() -> None:
    assert api_end(None, version="v1", declared=None, now=NOW) is None


def test_the_earlier_of_the_declared_day_and_the_announced_one_counts() -> None:
    kept = to_write(None, Sunset(MARCH), version="v1", now=NOW)

    for declared, ends_at in (
        (None, MARCH),
        (date(2027, 1, 15), datetime(2027, 1, 15, tzinfo=UTC)),
        (date(2027, 5, 1), MARCH),
    ):
        found = api_end(kept, version="v1", declared=declared, now=NOW)
        assert found == ApiEnd("v1", ends_at)


def test_an_announcement_without_a_day_is_known_all_the_same() -> None:
    kept = to_write(None, Sunset(), version="v1", now=NOW)

    assert api_end(kept, version="v1", declared=None, now=NOW) == ApiEnd("v1", None)


def test_it_is_over_when_a_newer_version_is_spoken_or_nobody_says_it_any_more() -> None:
    kept = to_write(None, Sunset(MARCH), version="v1", now=NOW)

    assert api_end(kept, version="v2", declared=None, now=NOW) is None
    last = NOW + FORGOTTEN_AFTER
    assert api_end(kept, version="v1", declared=None, now=last) is not None
    assert api_end(kept, version="v1", declared=None, now=last + DAY) is None


def test_what_every_answer_repeats_is_written_once_a_day() -> None:
    kept = to_write(None, Sunset(MARCH), version="v1", now=NOW)

    assert to_write(kept, Sunset(MARCH), version="v1", now=NOW + DAY / 2) is None
    assert to_write(kept, Sunset(MARCH), version="v1", now=NOW + DAY) is not None
    assert to_write(kept, Sunset(MARCH + DAY), version="v1", now=NOW) is not None
    assert to_write(kept, Sunset(MARCH), version="v2", now=NOW) is not None
