"""What goes into a record, and how doubt about it is settled."""

from dataclasses import replace
from typing import Any

import pytest

from loa.connectors.contract import Answer, OutgoingPart
from loa.connectors.errors import GrantExpired, RateLimited, Refused, Uncertain
from loa.connectors.replay import replay
from loa.platforms.bluesky.connecting import connect
from loa.platforms.bluesky.looking import readings
from loa.platforms.bluesky.publishing import publish, reserve, stage
from tests.conformance.scenes import (
    CAPTIONS,
    NOW,
    a_picture,
    a_published,
    answer,
    channel,
    connected,
)

LOAVES = OutgoingPart(CAPTIONS["text"], "vi", "delivery-42:text", NOW)


def record(part: OutgoingPart, *answers: str) -> dict[str, Any]:
    _, requests = replay(
        publish(part, channel("bluesky")), [answer("bluesky", name) for name in answers]
    )
    body: Any = requests[-1].json
    found: dict[str, Any] = body["record"]
    return found


def test_a_record_is_the_same_on_every_try() -> None:
    first, again = record(LOAVES, "created"), record(LOAVES, "created")

    assert first == again
    assert first["createdAt"] == "2026-11-22T10:00:00.000Z"
    assert first["langs"] == ["vi"]


def test_decomposed_text_goes_out_composed() -> None:
    assert record(replace(LOAVES, caption="Be\u0301 mo\u031b\u0300"), "created")["text"] == "Bé mờ"


def test_a_reply_names_its_parent_and_its_root() -> None:
    parent = a_published("bluesky")
    root = replace(parent, external_id=parent.external_id[:-1] + "2", facts={"cid": "bafyroot"})
    part = replace(LOAVES, reply_to=parent, root=root)

    assert record(part, "created")["reply"] == {
        "parent": {"uri": parent.external_id, "cid": parent.facts["cid"]},
        "root": {"uri": root.external_id, "cid": "bafyroot"},
    }


def test_a_parent_whose_content_id_was_lost_is_read_again() -> None:
    parent = replace(a_published("bluesky"), facts={})
    part = replace(LOAVES, reply_to=parent, root=parent)

    found = record(part, "record", "created")["reply"]

    assert found["parent"] == found["root"]
    assert found["parent"]["cid"] == a_published("bluesky").facts["cid"]


def test_images_carry_their_words_and_their_shape() -> None:
    part = replace(LOAVES, media=(a_picture(),))
    staged, _ = replay(stage(part, channel("bluesky")), [answer("bluesky", "blob")])

    [shown] = record(replace(part, staged=staged.media), "created")["embed"]["images"]

    assert shown["alt"] == a_picture().alt_text
    assert shown["aspectRatio"] == {"width": 1200, "height": 800}


def test_an_image_that_no_record_may_hold_is_not_uploaded() -> None:
    part = replace(LOAVES, media=(replace(a_picture(), size_bytes=2_000_001),))

    with pytest.raises(Refused) as caught:
        replay(stage(part, channel("bluesky")), [])

    assert caught.value.code == "media.too_large"


def test_a_second_try_under_the_same_key_is_settled_by_looking() -> None:
    """The server answers 500 when the key is taken: nothing is claimed, nothing sent again."""
    part = replace(LOAVES, reference=reserve(LOAVES))

    with pytest.raises(Uncertain):
        replay(publish(part, channel("bluesky")), [answer("bluesky", "exists")])


def test_a_record_written_elsewhere_is_not_ours() -> None:
    other = Answer(200, {"uri": "at://did:plc:other/app.bsky.feed.post/3m6", "cid": "bafyother"})

    with pytest.raises(Uncertain):
        replay(publish(LOAVES, channel("bluesky")), [other])


def test_an_expired_token_asks_to_be_renewed_and_not_for_a_person() -> None:
    with pytest.raises(GrantExpired):
        replay(publish(LOAVES, channel("bluesky")), [answer("bluesky", "expired")])


def test_a_rate_limit_ends_when_the_server_says() -> None:
    with pytest.raises(RateLimited) as caught:
        replay(publish(LOAVES, channel("bluesky")), [answer("bluesky", "rate_limited")])

    assert caught.value.retry_after_s == 900


def test_an_app_password_is_used_once_and_not_kept() -> None:
    kept = connected("bluesky")

    assert set(kept.secret) == {"access_jwt", "refresh_jwt"}
    assert kept.grant_expires_at is not None
    assert kept.grant_expires_at.isoformat() == "2026-11-22T12:00:05+00:00"


def test_an_account_that_bluesky_hosts_is_used_where_it_lives() -> None:
    fields = {"handle": "ana@bakery.example", "app_password": "p", "base_url": ""}

    found, requests = replay(
        connect(fields), [answer("bluesky", "session"), answer("bluesky", "profile")]
    )

    assert requests[0].url.startswith("https://bsky.social/")
    assert found.base_url == "https://pds.example"


def test_many_posts_are_counted_25_at_a_time() -> None:
    live = a_published("bluesky")
    many = tuple(replace(live, external_id=f"{live.external_id}{n}") for n in range(60))

    _, requests = replay(readings(many, channel("bluesky")), [Answer(200, {"posts": []})] * 3)

    assert [len(request.params) for request in requests] == [25, 25, 10]
