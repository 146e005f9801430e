"""Every fault, seen from the client's end of a real socket."""

import json
import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from practice_network.client import Opened
from practice_network.testing import Running
from practice_network.tests.pictures import PNG

ENOUGH_S = 5.0


@pytest.fixture
def cafe(practice: Running) -> Opened:
    return practice.client.open_account("quan_nho")


def raw_post(practice: Running, cafe: Opened, text: str = "Sáng rồi") -> tuple[bytes, str]:
    """Send one post over a bare socket; return all bytes that came, and how it ended."""
    address = urlsplit(practice.base_url)
    body = json.dumps({"text": text}).encode()
    head = (
        f"POST /api/v1/posts HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {cafe.access_code}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    plug = socket.socket()
    plug.settimeout(ENOUGH_S)
    with closing(plug):
        plug.connect((address.hostname, address.port))
        plug.sendall(head.encode() + body)
        received = b""
        try:
            while chunk := plug.recv(65536):
                received += chunk
        except ConnectionResetError:
            return received, "reset"
        except TimeoutError:
            return received, "silence"
    return received, "closed"


def status_of(received: bytes) -> int:
    return int(received.split(b" ", 2)[1])


def body_of(received: bytes) -> bytes:
    return received.split(b"\r\n\r\n", 1)[1]


def promised(received: bytes) -> int:
    head = received.split(b"\r\n\r\n", 1)[0].decode().lower()
    return int(head.split("content-length: ")[1].split("\r\n")[0])


def accepted(practice: Running) -> int:
    return len(practice.client.posts_in_ledger())


@pytest.mark.parametrize(("when", "posts"), [("after", 1), ("before", 0)])
def test_a_lost_answer_is_silence_until_the_connection_ends(
    practice: Running, cafe: Opened, when: str, posts: int
) -> None:
    practice.client.add_fault("lose_answer", when=when, seconds=0.3)

    began = time.monotonic()
    received, ending = raw_post(practice, cafe)

    assert (received, ending) == (b"", "closed")
    assert time.monotonic() - began >= 0.3
    assert accepted(practice) == posts


@pytest.mark.parametrize(("when", "posts"), [("after", 1), ("before", 0)])
def test_a_reset_is_a_real_reset(practice: Running, cafe: Opened, when: str, posts: int) -> None:
    practice.client.add_fault("reset", when=when)

    received, ending = raw_post(practice, cafe)

    assert (received, ending) == (b"", "reset")
    assert accepted(practice) == posts


def test_a_dropped_connection_ends_at_once_and_nothing_was_accepted(
    practice: Running, cafe: Opened
) -> None:
    practice.client.add_fault("drop")

    received, ending = raw_post(practice, cafe)

    assert received == b""
    assert ending in {"closed", "reset"}
    assert accepted(practice) == 0


def test_a_truncated_answer_promises_more_than_it_brings(practice: Running, cafe: Opened) -> None:
    practice.client.add_fault("truncate")

    received, _ = raw_post(practice, cafe)

    assert status_of(received) == 201
    assert 0 < len(body_of(received)) < promised(received)
    assert accepted(practice) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(("when", "posts"), [("after", 1), ("before", 0)])
def test_a_server_error_may_come_before_or_after_accepting(
    practice: Running, cafe: Opened, status: int, when: str, posts: int
) -> None:
    practice.client.add_fault("status", status=status, when=when)

    received, _ = raw_post(practice, cafe)

    assert status_of(received) == status
    assert accepted(practice) == posts


def test_a_rate_limit_says_when_to_come_back(practice: Running, cafe: Opened) -> None:
    practice.client.add_fault("rate_limit", retry_after_s=7)

    received, _ = raw_post(practice, cafe)

    assert status_of(received) == 429
    assert b"\r\nRetry-After: 7\r\n" in received
    assert accepted(practice) == 0


def test_a_dead_token_is_refused_for_as_long_as_ordered(practice: Running, cafe: Opened) -> None:
    practice.client.add_fault("dead_token", count=2)

    statuses = [status_of(raw_post(practice, cafe)[0]) for _ in range(3)]

    assert statuses == [401, 401, 201]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_slow_answer_is_right_but_late(practice: Running, cafe: Opened, when: str) -> None:
    practice.client.add_fault("slow", seconds=0.3, when=when)

    began = time.monotonic()
    received, _ = raw_post(practice, cafe)

    assert status_of(received) == 201
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("body", ["half_json", "html", "empty", "wrong_type"])
def test_a_malformed_body_comes_with_the_right_status(
    practice: Running, cafe: Opened, body: str
) -> None:
    practice.client.add_fault("malformed_body", body=body)

    received, _ = raw_post(practice, cafe)

    assert status_of(received) == 201
    assert not body_of(received).startswith(b"{") or body == "half_json"
    assert accepted(practice) == 1


def test_stale_reads_hide_a_new_post_for_a_while(practice: Running, cafe: Opened) -> None:
    client = practice.client
    client.set_clock(speed=0)
    client.add_fault("stale_reads", seconds=30, operation="list_posts", count=None)
    client.post(cafe.access_code, "Chờ chút")

    def listed() -> int:
        return len(client.call("GET", "/posts", access_code=cafe.access_code)["posts"])

    at_once = listed()
    client.set_clock(advance_s=31)
    later = listed()
    assert (at_once, later) == (0, 1)


def test_a_fault_strikes_only_the_account_and_operation_it_is_for(
    practice: Running, cafe: Opened
) -> None:
    client = practice.client
    client.add_fault("status", account="someone_else", operation="*", count=None)
    client.add_fault("status", account="*", operation="upload_*", count=None)

    client.post(cafe.access_code, "Không sao")

    assert [fault["struck"] for fault in client.faults()] == [0, 0]


def test_a_fault_skips_strikes_and_is_spent(practice: Running, cafe: Opened) -> None:
    practice.client.add_fault("status", skip=1, count=2, when="before")

    statuses = [status_of(raw_post(practice, cafe)[0]) for _ in range(4)]

    assert statuses == [201, 503, 503, 201]
    assert practice.client.faults()[0]["spent"]


def test_chance_strikes_the_same_requests_for_the_same_seed(
    practice: Running, cafe: Opened
) -> None:
    def run() -> list[int]:
        practice.client.clear_faults()
        practice.client.add_fault("status", probability=0.5, seed=7, count=None, when="before")
        return [status_of(raw_post(practice, cafe)[0]) for _ in range(12)]

    first, second = run(), run()

    assert first == second
    assert set(first) == {201, 503}


def test_after_every_fault_the_network_still_answers(practice: Running, cafe: Opened) -> None:
    for kind in ("reset", "drop", "truncate", "malformed_body", "status", "rate_limit"):
        practice.client.add_fault(kind)
        raw_post(practice, cafe)

    received, _ = raw_post(practice, cafe)

    assert status_of(received) == 201


def test_slow_media_is_accepted_and_processed_for_longer(practice: Running, cafe: Opened) -> None:
    client = practice.client
    client.add_fault("slow_media", seconds=100)

    client.post(cafe.access_code, "another request is not what it waits for")
    slow = client.upload(cafe.access_code, PNG)
    usual = client.upload(cafe.access_code, PNG)

    assert (slow["state"], slow["url"], usual["state"]) == ("processing", None, "ready")
    address = f"/media/{slow['id']}"
    client.set_clock(advance_s=99)
    assert client.call("GET", address, access_code=cafe.access_code)["state"] == "processing"
    client.set_clock(advance_s=2)
    assert client.call("GET", address, access_code=cafe.access_code)["state"] == "ready"
    [order] = client.faults()
    assert (order["struck"], order["spent"]) == (1, True)
