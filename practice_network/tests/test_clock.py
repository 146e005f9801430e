"""The network lives at its own time."""

import pytest

from practice_network.client import Refused
from practice_network.clock import NetworkClock, from_text, to_text
from practice_network.testing import Running


class Real:
    """A real clock that a test moves."""

    def __init__(self) -> None:
        self.now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


def test_a_new_clock_follows_real_time() -> None:
    real = Real()
    clock = NetworkClock(real_ms=real)

    assert clock.now_ms() == 1_000_000
    assert clock.pace.is_real


@pytest.mark.parametrize(("speed", "passed_ms"), [(0, 0), (1, 2000), (60, 120_000)])
def test_time_runs_at_the_speed_it_was_given(speed: float, passed_ms: int) -> None:
    real = Real()
    clock = NetworkClock(real_ms=real)
    clock.move_to(5_000_000, speed=speed)

    real.now_ms += 2000

    assert clock.now_ms() == 5_000_000 + passed_ms


def test_an_instant_is_written_and_read_in_utc() -> None:
    instant = from_text("2026-11-22T10:00:00.250+07:00")

    assert to_text(instant) == "2026-11-22T03:00:00.250Z"
    assert from_text(to_text(instant)) == instant


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        from_text("2026-11-22T10:00:00")


def test_posts_carry_the_networks_time(practice: Running) -> None:
    client = practice.client
    client.set_clock(now="2026-09-07T07:30:00+07:00", speed=0)
    cafe = client.open_account("quan_nho")

    made = client.post(cafe.access_code, "Sáng thứ hai")

    assert made["created_at"] == "2026-09-07T00:30:00.000Z"
    assert client.posts_in_ledger()[0]["at"] == "2026-09-07T00:30:00.000Z"


def test_time_never_goes_back_behind_the_ledger(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    client.post(cafe.access_code, "Bây giờ")

    with pytest.raises(Refused, match=r"clock\.backwards"):
        client.set_clock(now="2026-09-07T07:30:00+07:00")


def test_time_may_go_back_while_only_accounts_were_opened(practice: Running) -> None:
    client = practice.client
    client.open_account("quan_nho")

    client.set_clock(now="2026-09-07T07:30:00+07:00", speed=0)

    assert client.call("GET", "/admin/clock")["now"] == "2026-09-07T00:30:00.000Z"
