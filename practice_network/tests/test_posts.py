"""What the network accepts, and what it refuses."""

import pytest

from practice_network.client import Refused
from practice_network.testing import Running


def test_an_accepted_post_is_shown_and_stands_in_the_ledger(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", name="Quán Nhỏ")

    made = client.post(cafe.access_code, "Bạc xỉu sáng nay ☕️", language="vi")

    shown = client.call("GET", f"/posts/{made['id']}")
    [entry] = client.posts_in_ledger()
    assert shown["text"] == "Bạc xỉu sáng nay ☕️"
    assert shown["url"] == f"{practice.base_url}/p/{made['id']}"
    assert entry["subject"] == made["id"]
    assert entry["account"] == "quan_nho"
    assert entry["token_id"] == cafe.token_id
    assert entry["payload"]["text"] == "Bạc xỉu sáng nay ☕️"


def test_decomposed_vietnamese_is_kept_composed(practice: Running) -> None:
    cafe = practice.client.open_account("quan_nho")

    made = practice.client.post(cafe.access_code, "Ca\u0300 phe\u0302")

    assert made["text"] == "Cà phê"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ế" * 501, "text.too_long"),
        ("   ", "post.empty"),
        ("", "post.empty"),
    ],
)
def test_a_text_outside_the_limits_is_refused(practice: Running, text: str, code: str) -> None:
    cafe = practice.client.open_account("quan_nho")

    with pytest.raises(Refused) as refused:
        practice.client.post(cafe.access_code, text)

    assert (refused.value.status, refused.value.code) == (422, code)
    assert practice.client.posts_in_ledger() == []


def test_500_visible_characters_fit_however_many_code_points_they_take(practice: Running) -> None:
    cafe = practice.client.open_account("quan_nho")

    made = practice.client.post(cafe.access_code, "👩‍🍳" * 500)

    assert len(made["text"]) == 1500


def test_an_edit_changes_the_post_and_adds_to_the_ledger(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    made = client.post(cafe.access_code, "Mở cửa 7h")

    client.call(
        "PATCH", f"/posts/{made['id']}", {"text": "Mở cửa 6h30"}, access_code=cafe.access_code
    )

    assert client.call("GET", f"/posts/{made['id']}")["text"] == "Mở cửa 6h30"
    assert [entry["event"] for entry in client.ledger()][-2:] == ["post_created", "post_edited"]
    assert client.posts_in_ledger()[0]["payload"]["text"] == "Mở cửa 7h"


def test_a_deleted_post_is_gone_but_the_ledger_remembers_it(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    made = client.post(cafe.access_code, "Nhầm rồi")

    client.call("DELETE", f"/posts/{made['id']}", access_code=cafe.access_code)

    with pytest.raises(Refused, match=r"post\.unknown"):
        client.call("GET", f"/posts/{made['id']}")
    assert [entry["subject"] for entry in client.posts_in_ledger()] == [made["id"]]


def test_nobody_changes_the_post_of_another(practice: Running) -> None:
    client = practice.client
    cafe, rival = client.open_account("quan_nho"), client.open_account("quan_ben_canh")
    made = client.post(cafe.access_code, "Của mình")

    with pytest.raises(Refused, match=r"post\.not_yours"):
        client.call("DELETE", f"/posts/{made['id']}", access_code=rival.access_code)


def test_a_thread_is_read_from_its_first_post_in_order(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    first = client.post(cafe.access_code, "1/3")
    second = client.post(cafe.access_code, "2/3", reply_to=first["id"])
    third = client.post(cafe.access_code, "3/3", reply_to=second["id"])

    thread = client.call("GET", f"/posts/{third['id']}/thread")

    assert thread["root"]["id"] == first["id"]
    assert [one["text"] for one in thread["posts"]] == ["2/3", "3/3"]
    assert third["root"] == first["id"]


def test_a_reply_to_a_post_that_is_gone_is_refused(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")

    with pytest.raises(Refused, match=r"post\.unknown"):
        client.post(cafe.access_code, "Dạ còn ạ", reply_to="100999")


def test_own_posts_are_listed_newest_first_and_page_by_page(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    for number in range(5):
        client.post(cafe.access_code, f"Bài {number}")

    def page(**query: str) -> list[str]:
        posts = client.call("GET", "/posts", access_code=cafe.access_code, query=query)["posts"]
        return [one["id"] for one in posts]

    newest = page(limit="2")
    older = page(limit="10", before=newest[-1])
    assert newest == ["100005", "100004"]
    assert older == ["100003", "100002", "100001"]


def test_a_revoked_code_opens_nothing(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    client.revoke_token(cafe.token_id)

    with pytest.raises(Refused, match=r"token\.unknown"):
        client.post(cafe.access_code, "Vẫn đây")

    renewed = client.issue_token("quan_nho")
    assert client.post(renewed.access_code, "Lại đây")["author"] == "quan_nho"


def test_more_requests_than_allowed_are_told_when_to_come_back(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho", requests_per_window=2)
    client.post(cafe.access_code, "một")
    client.post(cafe.access_code, "hai")

    with pytest.raises(Refused) as refused:
        client.post(cafe.access_code, "ba")

    assert refused.value.status == 429
    assert len(client.posts_in_ledger()) == 2
