"""What we send, and what we recorded, fits the official lexicons."""

import json
import re

import pytest

from loa.connectors.contract import Request
from loa.platforms.bluesky.identity import HANDLE
from loa.platforms.bluesky.tests.lexicons import MISSING, SPEC, check, lexicon
from loa.platforms.bluesky.tid import tid_for
from tests.conformance.scenes import NOW, Scene, play, scenes_of

needs_spec = pytest.mark.skipif(not (SPEC / "lexicons").is_dir(), reason=MISSING)
SCENES = scenes_of("bluesky")


# What the video service asks for and its lexicon does not tell (docs.bsky.app, tutorial "Video").
UNWRITTEN = {"app.bsky.video.uploadVideo": {"did", "name"}}


def method_of(request: Request) -> str | None:
    found = re.search(r"/xrpc/([\w.]+)$", request.url)
    return found[1] if found else None


def as_parameters(request: Request, method: str) -> dict[str, object]:
    """Return the query as typed values: what the lexicon calls an array may stand repeated."""
    told = lexicon(method)["defs"]["main"].get("parameters", {"properties": {}})["properties"]
    given: dict[str, object] = {}
    for name, value in request.params:
        if name in UNWRITTEN.get(method, ()):
            continue
        if told[name]["type"] == "array":
            given[name] = [one for key, one in request.params if key == name]
        else:
            given[name] = int(value) if told[name]["type"] == "integer" else value
    return given


@needs_spec
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_every_call_fits_its_lexicon(scene: Scene) -> None:
    for request in play(scene).requests:
        method = method_of(request)
        if method is None:
            continue  # a web page, a DID document
        told = lexicon(method)["defs"]["main"]
        assert request.method == {"query": "GET", "procedure": "POST"}[told["type"]]
        check(as_parameters(request, method), method, part="parameters")
        if request.json is not None:
            body = json.loads(json.dumps(request.json))
            check(body, method, part="input")
            if request.visible:
                check(body["record"], body["collection"])
                assert body["record"]["$type"] == body["collection"]
        else:
            sent = request.media.mime_type if request.media else None
            assert told.get("input", {}).get("encoding") in {None, "*/*", sent}


@needs_spec
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_every_recorded_success_fits_its_lexicon(scene: Scene) -> None:
    played = play(scene)
    for request, answer in zip(played.requests, played.got, strict=True):
        assert not isinstance(answer, Exception)
        method = method_of(request)
        hydrated = method in {"app.bsky.feed.getPosts", "app.bsky.actor.getProfile"}
        if method is None or answer.status != 200 or answer.body is None or hydrated:
            continue  # views are cut to what we read
        check(answer.body, method, part="output")


def lines(name: str) -> list[str]:
    text = (SPEC / "interop-test-files/syntax" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@needs_spec
def test_handles_are_those_of_the_interoperability_files() -> None:
    wrongly_refused = [
        one for one in lines("handle_syntax_valid.txt") if not HANDLE.fullmatch(one.lower())
    ]
    wrongly_taken = [one for one in lines("handle_syntax_invalid.txt") if HANDLE.fullmatch(one)]

    assert wrongly_refused == []
    assert wrongly_taken == []


TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


@needs_spec
def test_the_pattern_for_tids_is_that_of_the_interoperability_files() -> None:
    assert all(TID.fullmatch(one) for one in lines("tid_syntax_valid.txt"))
    assert not any(TID.fullmatch(one) for one in lines("tid_syntax_invalid.txt"))


def test_our_keys_are_tids_of_their_second() -> None:
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    for number in range(500):
        tid = tid_for(f"delivery-{number}", NOW)
        value = 0
        for letter in tid:
            value = value * 32 + letters.index(letter)
        micros = value >> 10

        assert TID.fullmatch(tid)
        assert micros // 1_000_000 == int(NOW.timestamp())
