"""Bluesky's flows against the reference PDS."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from loa.connectors.contract import ChannelRef, Media, Request, ask
from loa.connectors.errors import ChannelLost, Refused, Uncertain
from loa.connectors.registry import connector
from loa.connectors.tests.local_server import LocalServer, says
from loa.connectors.transport import Drive, Egress
from loa.kernel.json import JSON
from tests.live.conftest import Desk
from tests.live.servers import Pds, Wire

pytestmark = pytest.mark.live
BLUESKY = connector("bluesky")
COLLECTION = "app.bsky.feed.post"
OWN_PASSWORD = "riverside-bread"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


class Network:
    """Calls to the PDS past our own connector."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self._egress = Egress(allowed_origins=[pds.origin])

    def post(self, method: str, body: JSON, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._call(
            Request("POST", f"{self._pds.origin}/xrpc/{method}", headers=headers, json=body)
        )

    def records(self, repo: str) -> list[Any]:
        url = f"{self._pds.origin}/xrpc/com.atproto.repo.listRecords"
        params = (("repo", repo), ("collection", COLLECTION), ("limit", "100"))
        found: list[Any] = self._call(Request("GET", url, params=params))["records"]
        return found

    def record(self, external_id: str) -> Any:
        repo = external_id.split("/")[2]
        [found] = [one for one in self.records(repo) if one["uri"] == external_id]
        return found["value"]

    def close(self) -> None:
        self._egress.close()

    def _call(self, request: Request) -> Any:
        answer = Drive(self._egress)(ask(request), platform="test")
        assert answer.status == 200, answer.body
        return answer.body


@pytest.fixture(scope="module")
def network(pds: Pds) -> Iterator[Network]:
    network = Network(pds)
    yield network
    network.close()


@pytest.fixture
def account(network: Network) -> dict[str, str]:
    """Make an account and an app password for Loa."""
    handle = f"tiembanh-{uuid.uuid4().hex[:8]}.test"
    made = network.post(
        "com.atproto.server.createAccount",
        {"handle": handle, "email": f"{handle}@bakery.example", "password": OWN_PASSWORD},
    )
    app = network.post("com.atproto.server.createAppPassword", {"name": "Loa"}, made["accessJwt"])
    return {"handle": handle, "did": made["did"], "app_password": app["password"]}


@pytest.fixture
def desk(pds: Pds, account: dict[str, str]) -> Desk:
    assert BLUESKY.connect_with_form
    empty = Desk(BLUESKY, ChannelRef("bluesky", pds.origin, "", ""), (pds.origin,))
    connected = empty.run(BLUESKY.connect_with_form({**account, "base_url": pds.origin}))
    assert connected.external_id == account["did"]
    channel = ChannelRef(
        platform="bluesky",
        base_url=connected.base_url,
        external_id=connected.external_id,
        handle=connected.handle,
        secret=connected.secret,
        facts=connected.facts,
    )
    return replace(empty, channel=channel)


def test_the_accounts_own_password_is_refused_and_its_session_ended(
    pds: Pds, account: dict[str, str], desk: Desk
) -> None:
    assert BLUESKY.connect_with_form
    typed = {**account, "app_password": OWN_PASSWORD, "base_url": pds.origin}

    with pytest.raises(Refused) as caught:
        desk.run(BLUESKY.connect_with_form(typed))

    assert caught.value.code == "login.own_password"


def test_a_wrong_password_is_said(pds: Pds, account: dict[str, str], desk: Desk) -> None:
    assert BLUESKY.connect_with_form
    typed = {**account, "app_password": "abcd-efgh-ijkl-mnop", "base_url": pds.origin}

    with pytest.raises(Refused) as caught:
        desk.run(BLUESKY.connect_with_form(typed))

    assert caught.value.code == "login.wrong"


def test_a_session_is_renewed_and_ended(desk: Desk) -> None:
    assert BLUESKY.renew
    assert BLUESKY.revoke
    renewed = desk.run(BLUESKY.renew(desk.channel))
    fresh = replace(desk, channel=replace(desk.channel, secret=renewed.secret))
    checked = fresh.run(BLUESKY.check(fresh.channel))
    fresh.run(BLUESKY.revoke(fresh.channel))

    assert renewed.grant_expires_at is not None
    assert checked.external_id == desk.channel.external_id
    with pytest.raises(ChannelLost):
        fresh.run(BLUESKY.renew(fresh.channel))


def test_a_caption_goes_out_under_the_key_we_chose(desk: Desk, network: Network) -> None:
    caption = f"Chào @{desk.channel.handle} và @nobody.test: https://a.example/b?c=d #bánhmì 👩‍👩‍👧"
    part = desk.part(caption, "delivery-1")
    assert desk.look_up(part) is None

    live = desk.publish(part)
    record = network.record(live.external_id)

    assert live.external_id.endswith(f"/{part.reference}")
    assert desk.look_up(part) == live
    content = record["text"].encode()
    marked = [
        content[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode()
        for one in record["facets"]
    ]
    assert marked == [f"@{desk.channel.handle}", "https://a.example/b?c=d", "#bánhmì"]
    assert record["facets"][0]["features"][0]["did"] == desk.channel.external_id


def test_an_image_goes_out_with_its_words(
    desk: Desk, network: Network, a_picture: Callable[[str], Media]
) -> None:
    part = desk.part("Ổ bánh mì", "delivery-2", media=(a_picture("Vàng ruộm."),))

    live = desk.publish(desk.staged(part))

    [shown] = network.record(live.external_id)["embed"]["images"]
    assert shown["alt"] == "Vàng ruộm."
    assert shown["aspectRatio"] == {"width": 120, "height": 80}
    assert desk.look_up(part) == live


def test_a_link_brings_its_card(desk: Desk, network: Network) -> None:
    html = '<title>Thực đơn</title><meta property="og:image" content="/anh.png">'

    def site(heard: Any) -> bytes:
        if heard.path == "/anh.png":
            return says(PNG, content_type="image/png")
        return says(html, content_type="text/html; charset=utf-8")

    with LocalServer(site) as server:
        origin = f"http://riverside.example:{server.port}"
        part = desk.part(f"Thực đơn: {origin}/tuan-nay", "delivery-3")
        live = desk.publish(desk.staged(part, allow=(origin,)))

    card = network.record(live.external_id)["embed"]["external"]
    assert card["uri"] == f"{origin}/tuan-nay"
    assert card["title"] == "Thực đơn"
    assert card["thumb"]["size"] == len(PNG)


def test_a_thread_hangs_together(desk: Desk, network: Network) -> None:
    root = desk.publish(desk.part("1", "delivery-4:1"))
    second = desk.publish(desk.part("2", "delivery-4:2", reply_to=root, root=root))
    third = desk.part("3", "delivery-4:3", reply_to=replace(second, facts={}), root=root)
    last = desk.publish(third)

    reply = network.record(last.external_id)["reply"]
    assert reply["root"] == {"uri": root.external_id, "cid": root.facts["cid"]}
    assert reply["parent"] == {"uri": second.external_id, "cid": second.facts["cid"]}
    assert desk.look_up(third) == last


def test_a_deletion_takes_it_down_and_may_be_repeated(desk: Desk) -> None:
    part = desk.part("Sắp xoá", "delivery-5")
    live = desk.publish(part)

    desk.run(BLUESKY.delete(live, desk.channel))
    desk.run(BLUESKY.delete(live, desk.channel))

    assert desk.look_up(part) is None


@pytest.mark.parametrize("fault", ["no_answer", "half_answer"])
def test_a_lost_answer_is_found_again_and_cannot_be_published_twice(
    desk: Desk, network: Network, fault: Any
) -> None:
    part = desk.part("Mất phản hồi", "delivery-6")
    with Wire(desk.origins[0], fault) as wire, pytest.raises(Uncertain):
        desk.through(wire.origin).publish(part)

    found = desk.look_up(part)
    with pytest.raises(Uncertain):  # the server's answer to a key that is taken
        desk.publish(part)

    assert found is not None
    assert desk.look_up(part) == found
    assert len(network.records(desk.channel.external_id)) == 1


def test_what_never_arrived_is_published_once(desk: Desk, network: Network) -> None:
    part = desk.part("Chưa tới nơi", "delivery-7")
    with Wire(desk.origins[0], "never_sent") as wire, pytest.raises(Uncertain):
        desk.through(wire.origin).publish(part)

    assert desk.look_up(part) is None
    live = desk.publish(part)

    assert desk.look_up(part) == live
    assert len(network.records(desk.channel.external_id)) == 1


@pytest.mark.parametrize(
    ("caption", "code"), [("ế" * 301, "text.too_long"), ("👩‍👩‍👧" * 200, "text.too_long")]
)
def test_what_the_lexicon_forbids_is_refused_and_said(desk: Desk, caption: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        desk.publish(desk.part(caption, "delivery-8"))

    assert caught.value.code == code


def test_exactly_the_limit_goes_out(desk: Desk) -> None:
    desk.publish(desk.part("ế" * 300, "delivery-9"))
    desk.publish(desk.part("👩‍👩‍👧" * 166, "delivery-10"))
