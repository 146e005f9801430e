"""What goes out for each class of account, and how a lost part is found again."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from loa.connectors.contract import Answer, ChannelRef, Idempotency, OutgoingPart
from loa.connectors.errors import NotSent, Refused, Uncertain
from loa.connectors.replay import replay
from loa.platforms.sandbox import CONNECTOR

PART = OutgoingPart(
    caption="Bánh mì mới ra lò",
    language="vi",
    key="delivery-42:part:0",
    created_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    reference="loa-delivery-42-part-0",
)
LIVE: dict[str, Any] = {
    "id": "loa-delivery-42-part-0",
    "url": "http://127.0.0.1:8788/p/loa-delivery-42-part-0",
    "author": "tiembanh",
    "text": "Bánh mì mới ra lò",
    "media": [],
    "reply_to": None,
    "created_at": "2026-11-22T10:00:01.000Z",
}
CONFLICT = Answer(409, {"error": {"code": "post.exists", "message": "There already is one."}})


def channel(idempotency: Idempotency) -> ChannelRef:
    return ChannelRef(
        platform="sandbox",
        base_url="http://127.0.0.1:8788",
        external_id="a_tiembanh",
        handle="tiembanh",
        secret={"access_code": "hatca-pherm"},
        facts={"idempotency": str(idempotency)},
    )


def other(number: int, at: str = "2026-11-22T10:00:05Z", **more: Any) -> dict[str, Any]:
    return {**LIVE, "id": str(number), "text": f"Bài {number}", "created_at": at, **more}


def test_a_key_goes_into_the_header() -> None:
    _, [request] = replay(
        CONNECTOR.publish(PART, channel(Idempotency.NATIVE_KEY)), [Answer(201, LIVE)]
    )

    assert request.headers["Idempotency-Key"] == PART.reference
    assert request.json == {"text": "Bánh mì mới ra lò", "language": "vi"}


@pytest.mark.parametrize(
    ("idempotency", "field"),
    [(Idempotency.CLIENT_ID, "id"), (Idempotency.HANDLE_READ_BACK, "client_ref")],
)
def test_a_name_of_ours_goes_into_the_post(idempotency: Idempotency, field: str) -> None:
    _, [request] = replay(CONNECTOR.publish(PART, channel(idempotency)), [Answer(201, LIVE)])

    assert isinstance(request.json, dict)
    assert request.json[field] == PART.reference
    assert "Idempotency-Key" not in request.headers


@pytest.mark.parametrize("idempotency", [Idempotency.FEED_READ_BACK, Idempotency.NONE])
def test_nothing_of_ours_goes_where_nothing_helps(idempotency: Idempotency) -> None:
    _, [request] = replay(CONNECTOR.publish(PART, channel(idempotency)), [Answer(201, LIVE)])

    assert request.json == {"text": "Bánh mì mới ra lò", "language": "vi"}


def test_an_id_that_is_taken_by_our_own_earlier_try_is_a_success() -> None:
    published, _ = replay(
        CONNECTOR.publish(PART, channel(Idempotency.CLIENT_ID)), [CONFLICT, Answer(200, LIVE)]
    )

    assert published.external_id == PART.reference


def test_an_id_that_is_taken_by_somebody_else_is_refused() -> None:
    theirs = Answer(200, {**LIVE, "author": "nguoikhac"})

    with pytest.raises(Refused) as refused:
        replay(CONNECTOR.publish(PART, channel(Idempotency.CLIENT_ID)), [CONFLICT, theirs])

    assert refused.value.code == "post.taken"


def test_an_id_that_is_taken_but_cannot_be_read_now_is_uncertain() -> None:
    with pytest.raises(Uncertain):
        replay(CONNECTOR.publish(PART, channel(Idempotency.CLIENT_ID)), [CONFLICT, Answer(500)])


def test_of_two_posts_that_say_the_same_the_older_is_ours() -> None:
    page: Any = {"posts": [other(2, text=LIVE["text"]), other(1, text=LIVE["text"])]}

    found, _ = replay(
        CONNECTOR.look_up(PART, channel(Idempotency.FEED_READ_BACK)), [Answer(200, page)]
    )

    assert found is not None
    assert found.external_id == "1"


@pytest.mark.parametrize(
    "difference",
    [
        {"text": "Bánh mì mới ra lò!"},
        {"reply_to": "99"},
        {"media": [{"id": "m1"}]},
        {"created_at": "2026-11-22T09:50:00Z"},
    ],
)
def test_a_post_that_differs_is_not_ours(difference: dict[str, Any]) -> None:
    page: Any = {"posts": [{**LIVE, **difference}]}

    found, _ = replay(
        CONNECTOR.look_up(PART, channel(Idempotency.FEED_READ_BACK)), [Answer(200, page)]
    )

    assert found is None


def test_spaces_and_composition_do_not_make_a_difference() -> None:
    page: Any = {"posts": [{**LIVE, "text": "Ba\u0301nh mi\u0300  mới\nra lò "}]}

    found, _ = replay(
        CONNECTOR.look_up(PART, channel(Idempotency.FEED_READ_BACK)), [Answer(200, page)]
    )

    assert found is not None


def test_the_list_is_read_back_as_far_as_the_part_is_old() -> None:
    newest: Any = {"posts": [other(300 - n) for n in range(100)]}
    older: Any = {"posts": [other(200), LIVE, other(1, at="2026-11-22T08:00:00Z")]}

    found, requests = replay(
        CONNECTOR.look_up(PART, channel(Idempotency.NATIVE_KEY)),
        [Answer(200, newest), Answer(200, older)],
    )

    assert found is not None
    assert ("before", "201") in requests[1].params


def test_a_list_too_long_to_read_is_not_taken_for_absence() -> None:
    page = Answer(200, {"posts": [other(n) for n in range(100)]})

    with pytest.raises(NotSent) as told:
        replay(CONNECTOR.look_up(PART, channel(Idempotency.FEED_READ_BACK)), [page] * 10)

    assert told.value.code == "read_back.too_far"


def test_a_list_with_one_post_that_cannot_be_read_proves_nothing() -> None:
    page: Any = {"posts": [{**LIVE, "text": "Bài khác"}, {"id": 7}]}

    with pytest.raises(NotSent) as told:
        replay(CONNECTOR.look_up(PART, channel(Idempotency.FEED_READ_BACK)), [Answer(200, page)])

    assert told.value.code == "answer.unreadable"


def test_a_class_nobody_knows_sends_nothing() -> None:
    strange = ChannelRef(
        "sandbox", "http://x", "a", "a", {"access_code": "c"}, {"idempotency": "surely"}
    )

    with pytest.raises(NotSent):
        replay(CONNECTOR.publish(PART, strange), [])


@pytest.mark.parametrize("typed", ["", "ftp://here", "http://", "http://a b", "http://x:99999"])
def test_what_is_no_address_is_refused_before_anything_is_asked(typed: str) -> None:
    assert CONNECTOR.connect_with_form is not None

    with pytest.raises(Refused) as refused:
        replay(CONNECTOR.connect_with_form({"base_url": typed, "handle": "a"}), [])

    assert refused.value.code == "instance.unreadable"


def test_a_post_that_belongs_to_another_part_is_not_taken_for_ours() -> None:
    page: Any = {"posts": [other(2, text=LIVE["text"]), other(1, text=LIVE["text"])]}
    part = replace(PART, taken_ids=frozenset({"1"}))

    found, _ = replay(
        CONNECTOR.look_up(part, channel(Idempotency.FEED_READ_BACK)), [Answer(200, page)]
    )

    assert found is not None
    assert found.external_id == "2"
