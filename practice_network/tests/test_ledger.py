"""The ledger: everything that was accepted, durable before it is answered, never changed."""

import signal
import sqlite3
import threading
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from practice_network.client import PracticeClient
from practice_network.ledger import Caller, Event
from practice_network.network import open_network, start_over
from practice_network.testing import Running, running_network


def test_nothing_rewrites_the_ledger(tmp_path: Path) -> None:
    network = open_network(tmp_path / "network.sqlite")
    by = Caller("quan_nho", "t1", "r1", 1, 1)
    network.ledger.add(Event.POST_CREATED, "100001", {"text": "Chào"}, by)

    for sql in ("UPDATE ledger SET subject = 'x'", "DELETE FROM ledger"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            network.store.write(sql)

    assert [entry["subject"] for entry in network.ledger.since(0, limit=9)] == ["100001"]
    network.store.close()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    told: list[str] = []
    with running_network(data=tmp_path) as running:
        cafe = running.client.open_account("quan_nho")

        def post_until_it_dies(number: int) -> None:
            with PracticeClient(running.base_url) as client, suppress(OSError, HTTPException):
                for count in range(10_000):
                    made = client.post(cafe.access_code, f"Bài {number}.{count}")
                    told.append(made["id"])

        threads = [threading.Thread(target=post_until_it_dies, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        while len(told) < 300:
            threading.Event().wait(0.01)
        running.process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()

    with running_network(data=tmp_path) as again:
        kept = [entry["subject"] for entry in again.client.posts_in_ledger()]

    assert len(told) >= 300
    assert set(told) <= set(kept)
    assert len(kept) == len(set(kept))


def test_a_restart_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with running_network(data=tmp_path, seed=4) as running:
        client = running.client
        client.set_clock(now="2026-09-07T07:30:00+07:00", speed=0)
        cafe = client.open_account("quan_nho", followers=3000)
        made = client.post(cafe.access_code, "Sáng nay bạn chọn ly nào?")
        client.set_clock(advance_s=7200)
        before = client.call("GET", f"/posts/{made['id']}/thread")

    with running_network(data=tmp_path, seed=4) as again:
        client = again.client
        clock = client.call("GET", "/admin/clock")["now"]
        after = client.call("GET", f"/posts/{made['id']}/thread")
        second = client.post(cafe.access_code, "Bài thứ hai")

    assert clock == "2026-09-07T02:30:00.000Z"
    assert [one["id"] for one in after["posts"]] == [one["id"] for one in before["posts"]]
    assert second["id"] == "100002"


def test_starting_over_sets_the_old_network_aside(tmp_path: Path) -> None:
    network = open_network(tmp_path / "network.sqlite")
    network.ledger.add(Event.POST_CREATED, "100001", {}, Caller("a", "t1", "r1", 1, 1))

    fresh = start_over(network)

    assert fresh.ledger.since(0, limit=9) == []
    [aside] = tmp_path.glob("network-until-*.sqlite")
    old = open_network(aside)
    assert len(old.ledger.since(0, limit=9)) == 1
    old.store.close()
    fresh.store.close()


def test_many_at_once_are_each_accepted_once(practice: Running) -> None:
    cafe = practice.client.open_account("quan_nho", idempotency="native_key")
    told: list[str] = []

    def post_all() -> None:
        with PracticeClient(practice.base_url) as client:
            for number in range(40):
                made = client.post(cafe.access_code, f"Bài {number}", key=f"k{number}")
                told.append(made["id"])

    threads = [threading.Thread(target=post_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 160
    assert len(set(told)) == 40
    assert len(practice.client.posts_in_ledger()) == 40


def test_equal_posts_have_equal_hashes_and_different_ones_not(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    for text in ("Một", "Một", "Hai"):
        client.post(cafe.access_code, text)

    first, second, third = (entry["payload_hash"] for entry in client.posts_in_ledger())

    assert first == second != third
