"""Idle connections are reused while they are fresh, and let go when they are not."""

import socket
from collections.abc import Iterator

import pytest

from loa.connectors.transport.addresses import Origin
from loa.connectors.transport.connection import Connection
from loa.connectors.transport.pool import MAX_IDLE_PER_ORIGIN, REUSE_WITHIN_S, Pool

HERE = Origin("https", "a.example", 443)
THERE = Origin("https", "b.example", 443)


class Lines:
    """Connected sockets, and a clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.far: list[socket.socket] = []
        self.near: list[socket.socket] = []
        self.pool = Pool(lambda: self.now_s)

    def connection(self) -> Connection:
        near, far = socket.socketpair()
        self.near.append(near)
        self.far.append(far)
        return Connection(near)


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines = Lines()
    yield lines
    for one in (*lines.near, *lines.far):
        one.close()


def test_the_newest_live_connection_is_reused(lines: Lines) -> None:
    old, new = lines.connection(), lines.connection()
    lines.pool.give(HERE, old)
    lines.now_s += 1
    lines.pool.give(HERE, new)

    assert lines.pool.take(THERE) is None
    assert lines.pool.take(HERE) is new
    assert lines.pool.take(HERE) is old
    assert lines.pool.take(HERE) is None


def test_a_connection_that_waited_too_long_is_not_reused(lines: Lines) -> None:
    lines.pool.give(HERE, lines.connection())
    lines.now_s += REUSE_WITHIN_S

    assert lines.pool.take(HERE) is None
    assert lines.near[0].fileno() == -1


def test_a_connection_that_the_server_closed_is_not_reused(lines: Lines) -> None:
    lines.pool.give(HERE, lines.connection())
    lines.far[0].close()

    assert lines.pool.take(HERE) is None


def test_old_connections_of_every_origin_are_let_go(lines: Lines) -> None:
    lines.pool.give(HERE, lines.connection())
    lines.now_s += 60
    lines.pool.give(THERE, lines.connection())

    assert [one.fileno() == -1 for one in lines.near] == [True, False]


def test_no_more_are_kept_than_are_of_use(lines: Lines) -> None:
    for _ in range(MAX_IDLE_PER_ORIGIN + 3):
        lines.pool.give(HERE, lines.connection())

    assert [one.fileno() == -1 for one in lines.near].count(True) == 3
