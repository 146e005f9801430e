"""Grants that end after a while: renewed once by each refresh code, and taken back."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from practice_network.client import Opened, PracticeClient, Refused
from practice_network.testing import Running, running_network

LIVES_S = 7200


@pytest.fixture
def client(practice: Running) -> PracticeClient:
    practice.client.set_clock(speed=0)
    return practice.client


@pytest.fixture
def cafe(client: PracticeClient) -> Opened:
    return client.open_account("quan_nho", access_lives_s=LIVES_S)


def opened(client: PracticeClient, cafe: Opened) -> Mapping[str, Any]:
    return client.call("POST", "/sessions", {}, access_code=cafe.access_code)


def renewed(client: PracticeClient, codes: Mapping[str, Any]) -> Mapping[str, Any]:
    return client.call("POST", "/sessions/renew", {"refresh_code": codes["refresh_code"]})


def code_of_refusal(client: PracticeClient, access_code: str) -> str:
    with pytest.raises(Refused) as refused:
        client.post(access_code, "Có ai không?")
    assert refused.value.status in {401, 403}
    return refused.value.code


def counted(client: PracticeClient) -> list[tuple[int, int]]:
    return [(one["renewals"], one["reused"]) for one in client.sessions()]


def test_the_code_that_a_person_typed_opens_a_session_and_posts_nothing(
    client: PracticeClient, cafe: Opened
) -> None:
    assert code_of_refusal(client, cafe.access_code) == "session.missing"

    client.post(opened(client, cafe)["access_code"], "Mở cửa rồi")

    assert len(client.posts_in_ledger()) == 1


def test_an_account_whose_codes_last_has_no_sessions(client: PracticeClient) -> None:
    lasting = client.open_account("quan_khac")

    with pytest.raises(Refused, match=r"session\.none"):
        opened(client, lasting)

    assert client.call("GET", "/me", access_code=lasting.access_code)["has_sessions"] is False


def test_an_access_code_ends_by_time_and_says_so(client: PracticeClient, cafe: Opened) -> None:
    codes = opened(client, cafe)
    client.set_clock(advance_s=LIVES_S - 1)
    client.post(codes["access_code"], "Còn kịp")

    client.set_clock(advance_s=1)

    assert code_of_refusal(client, codes["access_code"]) == "token.expired"
    client.post(renewed(client, codes)["access_code"], "Lại mở cửa")


def test_new_codes_end_the_ones_before_them(client: PracticeClient, cafe: Opened) -> None:
    codes = opened(client, cafe)

    fresh = renewed(client, codes)

    assert code_of_refusal(client, codes["access_code"]) == "token.expired"
    assert fresh["refresh_code"] != codes["refresh_code"]
    renewed(client, fresh)
    assert counted(client) == [(2, 0)]


def test_a_refresh_code_that_comes_twice_ends_the_whole_session_and_is_counted(
    client: PracticeClient, cafe: Opened
) -> None:
    codes = opened(client, cafe)
    fresh = renewed(client, codes)

    with pytest.raises(Refused, match=r"401 session\.reused"):
        renewed(client, codes)

    assert code_of_refusal(client, fresh["access_code"]) == "token.unknown"
    with pytest.raises(Refused, match=r"session\.ended"):
        renewed(client, fresh)
    assert counted(client) == [(1, 1)]


def test_a_session_that_was_taken_back_is_not_renewed(client: PracticeClient, cafe: Opened) -> None:
    codes = opened(client, cafe)

    client.end_session(client.sessions()[0]["id"])

    assert code_of_refusal(client, codes["access_code"]) == "token.unknown"
    with pytest.raises(Refused, match=r"401 session\.ended"):
        renewed(client, codes)
    client.post(opened(client, cafe)["access_code"], "Nối lại rồi")


def test_an_unknown_refresh_code_is_refused(client: PracticeClient, cafe: Opened) -> None:
    opened(client, cafe)

    with pytest.raises(Refused, match=r"401 session\.unknown"):
        renewed(client, {"refresh_code": "aaaaa-aaaaa"})

    assert counted(client) == [(0, 0)]


def test_an_ordered_end_comes_before_its_time_and_lasts_until_the_code_is_renewed(
    client: PracticeClient, cafe: Opened
) -> None:
    codes = opened(client, cafe)
    client.add_fault("end_access", operation="create_post", account="quan_nho", skip=1)

    client.post(codes["access_code"], "Bài một")
    said = [code_of_refusal(client, codes["access_code"]) for _ in range(2)]
    client.post(renewed(client, codes)["access_code"], "Bài hai")

    assert said == ["token.expired", "token.expired"]
    assert [one["struck"] for one in client.faults()] == [1]
    assert len(client.posts_in_ledger()) == 2


def test_sessions_outlive_a_restart(tmp_path: Path) -> None:
    with running_network(data=tmp_path) as before:
        cafe = before.client.open_account("quan_nho", access_lives_s=LIVES_S)
        codes = opened(before.client, cafe)
        fresh = renewed(before.client, codes)

    with running_network(data=tmp_path) as after:
        assert code_of_refusal(after.client, codes["access_code"]) == "token.expired"
        after.client.post(fresh["access_code"], "Vẫn mở cửa")
        renewed(after.client, fresh)
        assert counted(after.client) == [(2, 0)]


def test_a_network_from_before_there_were_sessions_still_opens(tmp_path: Path) -> None:
    with running_network(data=tmp_path) as before:
        old = before.client.open_account("quan_nho")
    with closing(sqlite3.connect(tmp_path / "network.sqlite")) as file:
        file.execute("ALTER TABLE accounts DROP COLUMN access_lives_ms")
        file.execute("ALTER TABLE tokens DROP COLUMN session")
        file.execute("ALTER TABLE tokens DROP COLUMN expires_at")
        file.commit()

    with running_network(data=tmp_path) as after:
        after.client.post(old.access_code, "Như cũ")
        cafe = after.client.open_account("quan_moi", access_lives_s=LIVES_S)
        after.client.post(opened(after.client, cafe)["access_code"], "Như mới")
