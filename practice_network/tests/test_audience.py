"""The audience over a real server: deterministic, bounded by the clock, and believable."""

import time
from typing import Any

import pytest

from practice_network.client import Opened, PracticeClient
from practice_network.testing import Running

MORNING = "2026-09-07T07:30:00+07:00"
ASKING = "Bạc xỉu hay cà phê muối, sáng nay bạn chọn ly nào? ☕️"
DAY_S = 86_400


def open_cafe(practice: Running, *, followers: int = 3000) -> Opened:
    practice.client.set_clock(now=MORNING, speed=0)
    return practice.client.open_account("quan_nho", persona="cafe", followers=followers)


def readings(client: PracticeClient, cafe: Opened, post_id: str) -> dict[str, int]:
    read = client.call("GET", f"/posts/{post_id}/readings", access_code=cafe.access_code)
    return {name: value for name, value in read.items() if isinstance(value, int)}


def remarks(client: PracticeClient) -> list[dict[str, Any]]:
    return list(client.call("GET", "/admin/remarks")["remarks"])


def test_nothing_has_happened_at_the_moment_of_posting(practice: Running) -> None:
    cafe = open_cafe(practice)

    made = practice.client.post(cafe.access_code, ASKING)

    assert set(readings(practice.client, cafe, made["id"]).values()) == {0}


def test_reactions_come_with_time_and_never_go_back(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice)
    made = client.post(cafe.access_code, ASKING)

    seen = []
    for _ in range(8):
        client.set_clock(advance_s=6 * 3600)
        seen.append(readings(client, cafe, made["id"]))

    for metric in ("likes", "replies", "reposts", "reach", "impressions", "link_clicks"):
        values = [one[metric] for one in seen]
        assert values == sorted(values), metric
    assert seen[-1]["reach"] > 300
    assert seen[-1]["likes"] > 10
    assert all(one["likes"] <= one["reach"] <= one["impressions"] for one in seen)


def test_the_same_seed_ledger_and_clock_give_the_same_reactions(practice: Running) -> None:
    def live(steps: int) -> tuple[dict[str, int], list[tuple[str, ...]]]:
        practice.client.reset(seed=5)
        cafe = open_cafe(practice)
        first = practice.client.post(cafe.access_code, ASKING)
        practice.client.set_clock(advance_s=3600)
        practice.client.post(cafe.access_code, "Chiều nay giảm giá 20% cold brew")
        for _ in range(steps):
            practice.client.set_clock(advance_s=6 * DAY_S / steps)
            readings(practice.client, cafe, first["id"])
        said = [(one["id"], one["author"], one["text"]) for one in remarks(practice.client)]
        return readings(practice.client, cafe, first["id"]), sorted(said)

    assert live(1) == live(12)


def test_another_seed_is_another_audience(practice: Running) -> None:
    def live(seed: int) -> list[str]:
        practice.client.reset(seed=seed)
        cafe = open_cafe(practice)
        practice.client.post(cafe.access_code, ASKING)
        practice.client.set_clock(advance_s=DAY_S)
        return [one["text"] for one in remarks(practice.client)]

    assert live(1) != live(2)


def test_comments_are_posts_in_the_thread_and_the_ledger_knows_nothing_of_them(
    practice: Running,
) -> None:
    client = practice.client
    cafe = open_cafe(practice)
    made = client.post(cafe.access_code, ASKING)

    client.set_clock(advance_s=2 * DAY_S)

    thread = client.call("GET", f"/posts/{made['id']}/thread")["posts"]
    direct = client.call("GET", f"/posts/{made['id']}/replies")["posts"]
    assert len(direct) == readings(client, cafe, made["id"])["replies"] > 3
    assert len(thread) >= len(direct)
    assert {one["origin"] for one in thread} == {"audience"}
    assert [one["created_at"] for one in thread] == sorted(one["created_at"] for one in thread)
    assert len(client.posts_in_ledger()) == 1


def test_somebody_who_is_answered_may_answer_back(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice, followers=20_000)
    made = client.post(cafe.access_code, ASKING)
    client.set_clock(advance_s=DAY_S)
    comments = client.call("GET", f"/posts/{made['id']}/replies")["posts"][:20]

    answers = {
        client.post(cafe.access_code, "Dạ quán mở tới 22h ạ", reply_to=one["id"])["id"]: one
        for one in comments
    }
    client.set_clock(advance_s=DAY_S)

    thread = client.call("GET", f"/posts/{made['id']}/thread")["posts"]
    back = [one for one in thread if one["reply_to"] in answers and one["origin"] == "audience"]
    spoke = [one for one in back if one["author"] == answers[one["reply_to"]]["author"]]
    assert 2 <= len(spoke) <= 18


def test_a_deleted_post_gets_no_further_comments(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice)
    made = client.post(cafe.access_code, ASKING)
    client.set_clock(advance_s=1800)

    client.call("DELETE", f"/posts/{made['id']}", access_code=cafe.access_code)
    before = len(remarks(client))
    client.set_clock(advance_s=5 * DAY_S)

    assert len(remarks(client)) <= before + 1


def test_followers_grow_with_good_posts(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice)

    def followers() -> int:
        read = client.call("GET", "/accounts/quan_nho/readings", access_code=cafe.access_code)
        return int(read["followers"])

    start = followers()
    for _ in range(21):
        client.post(cafe.access_code, ASKING)
        client.set_clock(advance_s=DAY_S)
    end = followers()

    assert start == 3000
    assert 3050 < end < 3600
    assert client.call("GET", "/accounts/quan_nho/followers")["total"] == end


def test_an_account_without_followers_meets_silence(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice, followers=0)
    made = client.post(cafe.access_code, ASKING)

    client.set_clock(advance_s=14 * DAY_S)

    assert set(readings(client, cafe, made["id"]).values()) == {0}


def test_a_retired_metric_is_missing_and_not_zero(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice)
    made = client.post(cafe.access_code, ASKING)
    client.add_fault("retired_metric", metrics=["reach"], count=None)

    read = readings(client, cafe, made["id"])

    assert "reach" not in read
    assert "likes" in read


def test_counts_of_many_posts_come_in_one_call_without_those_that_are_gone(
    practice: Running,
) -> None:
    client = practice.client
    cafe = open_cafe(practice)
    made = [client.post(cafe.access_code, f"{ASKING} {number}")["id"] for number in range(3)]
    client.call("DELETE", f"/posts/{made[1]}", access_code=cafe.access_code)

    read = client.call(
        "GET", "/readings", access_code=cafe.access_code, query={"ids": ",".join(made)}
    )

    assert [one["post_id"] for one in read["readings"]] == [made[0], made[2]]


def test_ten_weeks_of_posts_pass_in_seconds(practice: Running) -> None:
    client = practice.client
    cafe = open_cafe(practice)
    began = time.monotonic()

    ids = []
    for _ in range(150):
        ids.append(client.post(cafe.access_code, ASKING)["id"])
        client.set_clock(advance_s=70 * DAY_S / 150)
    for start in range(0, 150, 50):
        query = {"ids": ",".join(ids[start : start + 50])}
        client.call("GET", "/readings", access_code=cafe.access_code, query=query)

    assert time.monotonic() - began < 10
    assert len(remarks(client)) >= 500


@pytest.mark.parametrize("persona", ["cafe", "fashion", "beauty", "bookshop", "gadgets"])
def test_every_audience_speaks_without_a_slot_left_open(practice: Running, persona: str) -> None:
    client = practice.client
    client.set_clock(now=MORNING, speed=0)
    shop = client.open_account("tiem", persona=persona, followers=50_000)
    for text in (ASKING, "Giảm giá 30%, tag bạn vào nhé!", "Xin lỗi vì sự cố sáng nay", "Sale off"):
        client.post(shop.access_code, text)
    client.set_clock(advance_s=3 * DAY_S)

    said = remarks(client)

    assert len(said) > 200
    assert not [one["text"] for one in said if "{" in one["text"] or not one["text"].strip()]
    intents = {one["intent"] for one in said}
    assert intents >= {"praise", "tag", "buying", "question", "complaint"}
