"""Mastodon's flows against mastodon-mock, which keeps what it is told."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from loa.connectors.contract import Answer, ChannelRef, Flow, Media, Published, Request, ask
from loa.connectors.errors import ChannelLost, Refused, Uncertain
from loa.connectors.registry import connector
from loa.connectors.transport import Drive, Egress
from tests.live.conftest import Desk
from tests.live.servers import Wire

pytestmark = pytest.mark.live
MASTODON = connector("mastodon")
BACK = "http://127.0.0.1:8787/channels/back/"
CAPTION = "Bánh mì mới ra lò & nóng hổi @testuser https://riverside.example/thuc-don?a=b#c #bánhmì"


@pytest.fixture
def desk(mastodon: str) -> Iterator[Desk]:
    """Connect as a person does: register, consent in the browser, trade the code."""
    assert MASTODON.oauth
    assert MASTODON.oauth.origin
    egress = Egress(allowed_origins=[mastodon])
    drive = Drive(egress)
    oauth, origin = MASTODON.oauth, MASTODON.oauth.origin({"base_url": mastodon})
    registration = drive(oauth.register(origin, BACK), platform="mastodon")
    consent = oauth.authorize_url(origin, registration, BACK, "state-1", "c" * 43)
    code = drive(_consented(consent, origin), platform="mastodon")
    connected = drive(oauth.finish(origin, registration, BACK, code, "v" * 43), platform="mastodon")
    yield Desk(
        MASTODON,
        ChannelRef(
            platform="mastodon",
            base_url=connected.base_url,
            external_id=connected.external_id,
            handle=connected.handle,
            secret=connected.secret,
            facts=connected.facts,
            limits=connected.limits,
        ),
        (mastodon,),
    )
    egress.close()


def _consented(consent: str, origin: str) -> Flow[str]:
    """Do what a person does on the instance's page, and return the code."""
    page = yield from ask(Request("GET", consent))
    assert "testuser" in page.text
    form = (("username", "testuser"), ("redirect_uri", BACK), ("state", "state-1"))
    answer = yield from ask(Request("POST", f"{origin}/oauth/authorize", form=form))
    location = answer.headers["location"]
    assert location.startswith(BACK)
    assert "state=state-1" in location
    return location.partition("code=")[2].partition("&")[0]


def key() -> str:
    return f"delivery-{uuid.uuid4()}"


def statuses(desk: Desk) -> list[Any]:
    """Read the account's statuses as the instance tells them, past our own code."""
    url = f"{desk.origins[0]}/api/v1/accounts/{desk.channel.external_id}/statuses"
    answer: Answer = desk.run(ask(Request("GET", url, params=(("limit", "40"),))))
    assert isinstance(answer.body, list)
    return answer.body


def test_a_connected_channel_is_alive_and_knows_its_limits(desk: Desk) -> None:
    checked = desk.run(MASTODON.check(desk.channel))

    assert checked.handle.startswith("testuser@")
    assert checked.limits is not None
    assert checked.limits.images.max_bytes == 10_485_760  # the instance's own


def test_a_caption_goes_out_and_is_recognised(desk: Desk) -> None:
    part = desk.part(f"{CAPTION} {key()}", key())
    assert desk.look_up(part) is None

    live = desk.publish(part)

    assert desk.look_up(part) == live
    assert live.url.endswith(live.external_id)


def test_an_image_goes_out_with_its_words(desk: Desk, a_picture: Callable[[str], Media]) -> None:
    part = desk.part(f"Ảnh {key()}", key(), media=(a_picture("Ổ bánh mì vàng ruộm."),))

    live = desk.publish(desk.staged(part))

    [shown] = [one for one in statuses(desk) if one["id"] == live.external_id]
    assert [one["description"] for one in shown["media_attachments"]] == ["Ổ bánh mì vàng ruộm."]
    assert desk.look_up(part) == live


def test_a_thread_hangs_together(desk: Desk) -> None:
    root = desk.publish(desk.part(f"1 {key()}", key()))
    second = desk.part(f"2 {key()}", key(), reply_to=root, root=root)
    parent = desk.publish(second)
    third = desk.part(f"3 {key()}", key(), reply_to=parent, root=root)
    last = desk.publish(third)

    parents = {one["id"]: one["in_reply_to_id"] for one in statuses(desk)}
    assert parents[parent.external_id] == root.external_id
    assert parents[last.external_id] == parent.external_id
    assert desk.look_up(third) == last


def test_an_edit_changes_what_is_live_and_a_deletion_takes_it_down(desk: Desk) -> None:
    part = desk.part(f"Trước {key()}", key())
    live = desk.publish(part)
    assert MASTODON.edit

    edited = desk.run(MASTODON.edit(replace(part, caption="Sau"), live, desk.channel))
    [shown] = [one for one in statuses(desk) if one["id"] == live.external_id]
    desk.run(MASTODON.delete(live, desk.channel))
    desk.run(MASTODON.delete(live, desk.channel))

    assert edited.external_id == live.external_id
    assert "Sau" in shown["content"]
    assert live.external_id not in {one["id"] for one in statuses(desk)}


def test_counts_come_in_and_deleted_ones_are_left_out(desk: Desk) -> None:
    live = [desk.publish(desk.part(f"{n} {key()}", key())) for n in range(3)]
    gone = Published("1", "")

    counts = desk.run(MASTODON.readings((*live, gone), desk.channel))

    assert set(counts) == {one.external_id for one in live}
    assert {one.metric for one in counts[live[0].external_id]} >= {"likes", "replies", "reposts"}


@pytest.mark.parametrize("fault", ["no_answer", "half_answer"])
def test_a_lost_answer_is_found_again_and_the_key_gives_the_same_status(
    desk: Desk, fault: Any
) -> None:
    part = desk.part(f"{CAPTION} {key()}", key())
    before = len(statuses(desk))
    with Wire(desk.origins[0], fault) as wire, pytest.raises(Uncertain):
        desk.through(wire.origin).publish(part)

    found = desk.look_up(part)
    again = desk.publish(part)

    assert found == again
    assert len(statuses(desk)) == before + 1


def test_what_never_arrived_is_published_once(desk: Desk) -> None:
    part = desk.part(f"{CAPTION} {key()}", key())
    before = len(statuses(desk))
    with Wire(desk.origins[0], "never_sent") as wire, pytest.raises(Uncertain):
        desk.through(wire.origin).publish(part)

    assert desk.look_up(part) is None
    desk.publish(part)

    assert len(statuses(desk)) == before + 1


def test_one_letter_too_many_is_refused_and_said(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        desk.publish(desk.part("ế" * 501, key()))

    assert caught.value.code == "text.too_long"


def test_a_grant_that_was_given_back_is_lost(desk: Desk) -> None:
    assert MASTODON.revoke
    desk.run(MASTODON.revoke(desk.channel))

    with pytest.raises(ChannelLost):
        desk.publish(desk.part("Sau khi thu hồi", key()))
