"""People type their instance in many ways, and instances differ in age."""

from urllib.parse import parse_qs, urlsplit

import pytest

from loa.connectors.contract import Answer, Registration
from loa.connectors.errors import Refused
from loa.connectors.replay import replay
from loa.platforms.mastodon.connecting import authorize_url, register
from loa.platforms.mastodon.instances import origin
from tests.conformance.scenes import answer

BACK = "https://loa.example/channels/back/"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("  Mastodon.Social/ ", "https://mastodon.social"),
        ("https://mastodon.social/@ana", "https://mastodon.social"),
        ("mastodon.social/@ana", "https://mastodon.social"),
        ("@ana@mastodon.social", "https://mastodon.social"),
        ("ana@mastodon.social", "https://mastodon.social"),
        ("https://mastodon.example:8443", "https://mastodon.example:8443"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("cà-phê.vn", "https://cà-phê.vn"),
    ],
)
def test_what_a_person_types_is_understood(typed: str, meant: str) -> None:
    assert origin({"base_url": typed}) == meant


@pytest.mark.parametrize(
    "typed", ["", "  ", "mastodon", "@ana", "https://", "https://a@b.c", "a b.c", "http://a:b/"]
)
def test_what_is_no_instance_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        origin({"base_url": typed})

    assert caught.value.code == "instance.unreadable"


def test_an_instance_that_moved_is_used_where_it_is() -> None:
    instance = Answer(200, {"domain": "a.example"}, url="https://social.a.example/api/v2/instance")

    registration, requests = replay(
        register("https://a.example", BACK),
        [instance, answer("mastodon", "discovery"), answer("mastodon", "app")],
    )

    assert registration.facts["base_url"] == "https://social.a.example"
    assert requests[2].url == "https://social.a.example/api/v1/apps"
    assert authorize_url("https://a.example", registration, BACK, "s", "c").startswith(
        "https://social.a.example/oauth/authorize?"
    )


def test_proof_of_possession_is_used_where_the_instance_knows_it() -> None:
    for pkce in (True, False):
        app = Registration("id", {"client_secret": "s"}, ("read:accounts",), {"pkce": pkce})
        query = parse_qs(urlsplit(authorize_url("https://a.example", app, BACK, "st", "ch")).query)

        assert query["state"] == ["st"]
        assert query["redirect_uri"] == [BACK]
        assert query["scope"] == ["read:accounts"]
        assert ("code_challenge" in query) is pkce
        assert query.get("code_challenge_method", ["S256"]) == ["S256"]
