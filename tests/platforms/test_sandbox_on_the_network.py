"""The connector against the real practice network, over the real transport."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from loa.connectors.contract import (
    ChannelRef,
    Flow,
    Idempotency,
    Media,
    OutgoingPart,
    Published,
)
from loa.connectors.errors import (
    ChannelLost,
    GrantExpired,
    NotSent,
    RateLimited,
    Refused,
    Uncertain,
)
from loa.connectors.transport.drive import Drive
from loa.connectors.transport.egress import Egress
from loa.platforms.sandbox import CONNECTOR
from practice_network.testing import Running

pytestmark = pytest.mark.faults

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
FINDABLE = [
    Idempotency.NATIVE_KEY,
    Idempotency.CLIENT_ID,
    Idempotency.HANDLE_READ_BACK,
    Idempotency.FEED_READ_BACK,
]

type Driven = Callable[[Flow[Any]], Any]


@pytest.fixture
def egress(practice: Running) -> Iterator[Egress]:
    opened = Egress(allowed_origins=[practice.base_url])
    yield opened
    opened.close()


@pytest.fixture
def drive(egress: Egress) -> Driven:
    driving = Drive(egress, sleep=lambda _: None)
    return lambda flow: driving(flow, platform="sandbox")


def connect(
    practice: Running, drive: Driven, idempotency: str = "native_key", **fields: object
) -> ChannelRef:
    opened = practice.client.open_account("quan_nho", idempotency=idempotency, **fields)
    assert CONNECTOR.connect_with_form is not None
    typed = {
        "base_url": practice.base_url,
        "handle": "@quan_nho",
        "access_code": opened.access_code,
    }
    connected = drive(CONNECTOR.connect_with_form(typed))
    return ChannelRef(
        platform="sandbox",
        base_url=connected.base_url,
        external_id=connected.external_id,
        handle=connected.handle,
        secret=connected.secret,
        facts=connected.facts,
        limits=connected.limits,
    )


def a_part(caption: str = "Bạc xỉu sáng nay", **more: Any) -> OutgoingPart:
    fields = {"language": "vi", "key": "6b1f-42", "created_at": datetime.now(UTC), **more}
    part = OutgoingPart(caption=caption, **fields)
    return replace(part, reference=CONNECTOR.reserve(part))


def a_picture(alt_text: str = "Ly bạc xỉu") -> Media:
    return Media(
        asset_id=1,
        filename="ly.png",
        mime_type="image/png",
        size_bytes=len(PIXEL),
        open=lambda: io.BytesIO(PIXEL),
        alt_text=alt_text,
        focus=(0.25, -0.5),
    )


def in_ledger(practice: Running) -> list[str]:
    return [entry["subject"] for entry in practice.client.posts_in_ledger()]


@pytest.mark.parametrize("idempotency", list(Idempotency))
def test_connecting_tells_the_class_and_publishing_works_in_each(
    practice: Running, drive: Driven, idempotency: Idempotency
) -> None:
    channel = connect(practice, drive, idempotency)

    published = drive(CONNECTOR.publish(a_part(), channel))

    assert channel.facts["idempotency"] == idempotency
    assert in_ledger(practice) == [published.external_id]


@pytest.mark.parametrize("idempotency", FINDABLE)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "lose_answer", "seconds": 0.1},
        {"kind": "reset"},
        {"kind": "truncate"},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 502, "body": "html"},
        {"kind": "malformed_body"},
        {"kind": "malformed_body", "body": "wrong_type"},
        {"kind": "malformed_body", "body": "empty"},
    ],
)
def test_a_lost_answer_is_uncertain_and_found_again(
    practice: Running, drive: Driven, idempotency: Idempotency, fault: dict[str, Any]
) -> None:
    channel = connect(practice, drive, idempotency)
    practice.client.add_fault(operation="create_post", **fault)
    part = a_part()

    with pytest.raises(Uncertain):
        drive(CONNECTOR.publish(part, channel))
    found = drive(CONNECTOR.look_up(part, channel))

    assert in_ledger(practice) == [found.external_id]


@pytest.mark.parametrize("idempotency", FINDABLE)
@pytest.mark.parametrize("kind", ["reset", "drop"])
def test_what_was_never_accepted_is_cleanly_not_there(
    practice: Running, drive: Driven, idempotency: Idempotency, kind: str
) -> None:
    channel = connect(practice, drive, idempotency)
    drive(CONNECTOR.publish(a_part("Bài trước", key="6b1f-41"), channel))
    practice.client.add_fault(kind, operation="create_post", when="before")
    part = a_part()

    with pytest.raises(Uncertain):
        drive(CONNECTOR.publish(part, channel))

    assert drive(CONNECTOR.look_up(part, channel)) is None


def test_an_account_that_cannot_be_listed_says_that_it_could_not_look(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive, "none")

    with pytest.raises(NotSent) as told:
        drive(CONNECTOR.look_up(a_part(), channel))

    assert told.value.code == "read_back.unavailable"


def test_trouble_while_looking_is_not_the_same_as_not_there(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive, "feed_read_back")
    practice.client.add_fault("status", operation="list_posts", status=500)

    with pytest.raises(NotSent):
        drive(CONNECTOR.look_up(a_part(), channel))


def test_sending_again_under_the_same_key_gives_the_first_post(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive, "native_key")
    first = drive(CONNECTOR.publish(a_part(), channel))

    again = drive(CONNECTOR.publish(a_part(), channel))

    assert again.external_id == first.external_id
    assert len(in_ledger(practice)) == 1


def test_sending_again_under_the_same_chosen_id_finds_the_first_post(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive, "client_id")
    first = drive(CONNECTOR.publish(a_part(), channel))

    again = drive(CONNECTOR.publish(a_part(), channel))

    assert again.external_id == first.external_id == CONNECTOR.reserve(a_part())
    assert len(in_ledger(practice)) == 1


def test_pictures_carry_their_description_and_focus(practice: Running, drive: Driven) -> None:
    channel = connect(practice, drive, media_processing_s=0)
    part = a_part(media=(a_picture(), a_picture("Quầy bar")))
    staged = drive(CONNECTOR.stage(part, channel))

    published = drive(CONNECTOR.publish(a_part(media=part.media, staged=staged.media), channel))

    shown = practice.client.call("GET", f"/posts/{published.external_id}")
    assert [one["alt_text"] for one in shown["media"]] == ["Ly bạc xỉu", "Quầy bar"]
    assert shown["media"][0]["focus"] == [0.25, -0.5]


def test_a_picture_in_processing_is_waited_for(practice: Running, egress: Egress) -> None:
    client = practice.client
    waits: list[float] = []

    def let_time_pass(seconds: float) -> None:
        waits.append(seconds)
        client.set_clock(advance_s=seconds)

    client.set_clock(speed=0)
    driving = Drive(egress, sleep=let_time_pass)
    channel = connect(
        practice, lambda flow: driving(flow, platform="sandbox"), media_processing_s=3
    )

    staged = driving(CONNECTOR.stage(a_part(media=(a_picture(),)), channel), platform="sandbox")

    assert len(staged.media) == 1
    assert sum(waits) >= 3


def test_a_thread_and_a_first_comment_hang_together(practice: Running, drive: Driven) -> None:
    channel = connect(practice, drive)
    first: Published = drive(CONNECTOR.publish(a_part("1/2"), channel))
    second = OutgoingPart(
        caption="2/2",
        language="vi",
        key="6b1f-43",
        created_at=datetime.now(UTC),
        reply_to=first,
        root=first,
    )

    drive(CONNECTOR.publish(second, channel))

    thread = practice.client.call("GET", f"/posts/{first.external_id}/thread")
    assert [one["reply_to"] for one in thread["posts"]] == [first.external_id]


def test_edit_and_delete_reach_the_post_and_deleting_twice_is_fine(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive)
    published = drive(CONNECTOR.publish(a_part(), channel))
    assert CONNECTOR.edit is not None

    drive(CONNECTOR.edit(a_part("Bạc xỉu chiều nay"), published, channel))
    drive(CONNECTOR.delete(published, channel))
    drive(CONNECTOR.delete(published, channel))

    events = [entry["event"] for entry in practice.client.ledger()]
    assert events[-3:] == ["post_created", "post_edited", "post_deleted"]


def test_a_withdrawn_code_asks_for_a_reconnect(practice: Running, drive: Driven) -> None:
    channel = connect(practice, drive)
    practice.client.revoke_token("t1")

    with pytest.raises(ChannelLost) as lost:
        drive(CONNECTOR.publish(a_part(), channel))

    assert lost.value.code == "grant.withdrawn"
    assert lost.value.request_id


def test_a_rate_limit_says_how_long_to_wait(practice: Running, drive: Driven) -> None:
    channel = connect(practice, drive)
    practice.client.add_fault("rate_limit", retry_after_s=17)

    with pytest.raises(RateLimited) as limited:
        drive(CONNECTOR.publish(a_part(), channel))

    assert limited.value.retry_after_s == 17
    assert in_ledger(practice) == []


def test_a_text_that_is_too_long_is_refused_with_a_reason(practice: Running, drive: Driven) -> None:
    channel = connect(practice, drive)

    with pytest.raises(Refused) as refused:
        drive(CONNECTOR.publish(a_part("ế" * 501), channel))

    assert refused.value.code == "text.too_long"


def test_the_code_of_another_account_does_not_connect(practice: Running, drive: Driven) -> None:
    opened = practice.client.open_account("quan_khac")
    assert CONNECTOR.connect_with_form is not None

    with pytest.raises(Refused) as refused:
        drive(
            CONNECTOR.connect_with_form(
                {
                    "base_url": practice.base_url,
                    "handle": "quan_nho",
                    "access_code": opened.access_code,
                }
            )
        )

    assert refused.value.code == "grant.other_account"


def test_a_rehearsal_is_prepared_over_the_same_transport(practice: Running, drive: Driven) -> None:
    assert CONNECTOR.practice is not None
    assert CONNECTOR.connect_with_form is not None
    at = datetime(2026, 9, 1, 7, 30, tzinfo=UTC)

    drive(CONNECTOR.practice.set_clock(practice.base_url, at, 0.0))
    typed = drive(CONNECTOR.practice.open_account(practice.base_url, {"handle": "quan_nho"}))
    fault = drive(CONNECTOR.practice.order_fault(practice.base_url, {"kind": "reset"}))
    drive(CONNECTOR.practice.lift_faults(practice.base_url))
    connected = drive(CONNECTOR.connect_with_form(typed))

    assert connected.handle == "quan_nho"
    assert fault == "f1"
    assert practice.client.faults() == []
    assert practice.client.call("GET", "/admin/clock")["now"] == "2026-09-01T07:30:00.000Z"


def test_a_session_is_renewed_and_the_code_before_it_is_over(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive, access_lives_s=7200)
    assert CONNECTOR.renew is not None

    renewed = drive(CONNECTOR.renew(channel))

    assert renewed.grant_expires_at > datetime.now(UTC)
    with pytest.raises(GrantExpired):
        drive(CONNECTOR.check(channel))
    with pytest.raises(GrantExpired):
        drive(CONNECTOR.publish(a_part(), channel))
    fresh = replace(channel, secret=renewed.secret)
    drive(CONNECTOR.check(fresh))
    published = drive(CONNECTOR.publish(a_part(), fresh))
    assert in_ledger(practice) == [published.external_id]


def test_a_session_that_was_taken_back_needs_a_person(practice: Running, drive: Driven) -> None:
    channel = connect(practice, drive, access_lives_s=7200)
    practice.client.end_session(practice.client.sessions()[0]["id"])
    assert CONNECTOR.renew is not None

    for asked in (CONNECTOR.check, CONNECTOR.renew):
        with pytest.raises(ChannelLost):
            drive(asked(channel))


def test_a_code_that_lasts_is_kept_and_asks_nobody_to_renew_it(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive)
    assert CONNECTOR.renew is not None

    with pytest.raises(ChannelLost):
        drive(CONNECTOR.renew(channel))

    assert set(channel.secret) == {"access_code"}
    assert practice.client.sessions() == []
