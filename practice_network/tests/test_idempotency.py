"""What each kind of account offers against duplicates."""

import pytest

from practice_network.client import Refused
from practice_network.testing import Running


def test_the_same_key_within_the_hour_gives_the_first_post(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency="native_key")

    first = client.post(cafe.access_code, "Một lần thôi", key="delivery-42")
    again = client.post(cafe.access_code, "Một lần thôi", key="delivery-42")

    assert again["id"] == first["id"]
    assert len(client.posts_in_ledger()) == 1


def test_after_an_hour_the_key_is_forgotten(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency="native_key")
    client.post(cafe.access_code, "Một lần thôi", key="delivery-42")
    client.set_clock(advance_s=3601)

    client.post(cafe.access_code, "Một lần thôi", key="delivery-42")

    assert len(client.posts_in_ledger()) == 2


def test_a_key_cannot_be_used_for_another_post(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency="native_key")
    client.post(cafe.access_code, "Bài này", key="delivery-42")

    with pytest.raises(Refused, match=r"key\.reused"):
        client.post(cafe.access_code, "Bài khác", key="delivery-42")


@pytest.mark.parametrize("idempotency", ["handle_read_back", "feed_read_back", "none"])
def test_other_accounts_take_a_key_for_nothing(practice: Running, idempotency: str) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency=idempotency)

    client.post(cafe.access_code, "Hai lần", key="delivery-42")
    client.post(cafe.access_code, "Hai lần", key="delivery-42")

    assert len(client.posts_in_ledger()) == 2


def test_a_chosen_id_is_taken_once(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency="client_id")
    client.post(cafe.access_code, "Có tên riêng", id="loa-delivery-42")

    with pytest.raises(Refused) as refused:
        client.post(cafe.access_code, "Có tên riêng", id="loa-delivery-42")

    assert (refused.value.status, refused.value.code) == (409, "post.exists")
    assert client.call("GET", "/posts/loa-delivery-42")["text"] == "Có tên riêng"


def test_a_post_is_found_by_the_reference_it_was_given(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency="handle_read_back")
    made = client.post(cafe.access_code, "Tìm lại được", client_ref="delivery-42")

    found = client.call(
        "GET", "/posts", access_code=cafe.access_code, query={"client_ref": "delivery-42"}
    )

    assert [one["id"] for one in found["posts"]] == [made["id"]]


def test_some_accounts_cannot_be_listed(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", idempotency="none")

    with pytest.raises(Refused, match=r"listing\.unavailable"):
        client.call("GET", "/posts", access_code=cafe.access_code)
