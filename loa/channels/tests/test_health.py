from datetime import UTC, datetime, timedelta

import pytest

from loa.channels.rules.health import Health, Standing, health, must_renew

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing("connected"), Health.FINE),
        (Standing("connected", held_until=NOW + HOUR), Health.HELD),
        (Standing("connected", held_until=NOW - HOUR), Health.FINE),
        (Standing("connected", grant_ends_at=NOW + 2 * 24 * HOUR), Health.ENDING_SOON),
        (Standing("connected", grant_ends_at=NOW + 4 * 24 * HOUR), Health.FINE),
        (Standing("connected", paused_at=NOW - HOUR), Health.PAUSED),
        (Standing("lost"), Health.LOST),
        (Standing("disconnected"), Health.DISCONNECTED),
    ],
)
def test_the_health_of_a_channel_is_the_worst_that_holds(
    standing: Standing, expected: Health
) -> None:
    assert health(standing, now=NOW) == expected


def test_a_lost_channel_is_lost_even_while_paused() -> None:
    standing = Standing("lost", paused_at=NOW - HOUR, held_until=NOW + HOUR)

    assert health(standing, now=NOW) == Health.LOST


def test_a_grant_is_renewed_before_it_ends_and_never_when_it_has_no_end() -> None:
    assert must_renew(expires_at=NOW + timedelta(minutes=10), now=NOW)
    assert not must_renew(expires_at=NOW + timedelta(minutes=11), now=NOW)
    assert not must_renew(expires_at=None, now=NOW)
