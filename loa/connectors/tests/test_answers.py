"""What comes back is read whole, within bounds, and at little cost."""

import zlib

import pytest

from loa.connectors.contract import Answer, Flow, Request, ask
from loa.connectors.errors import NotSent
from loa.connectors.tests.conftest import MakeDrive
from loa.connectors.tests.local_server import LocalServer, Script, says


def post(url: str, *, visible: bool = True) -> Flow[Answer]:
    return ask(Request("POST", url, json={"status": "Bánh mì"}, visible=visible, timeout_s=2))


def _always(answer: bytes) -> Script:
    return lambda _: answer


def test_an_answer_is_json_or_text_and_never_breaks_the_reader(drive_with: MakeDrive) -> None:
    deep = "[" * 100_000
    cases: list[tuple[bytes, str, object, str]] = [
        (b'{"a": 1}', "application/json", {"a": 1}, ""),
        (b'{"a": 1}', "text/plain", {"a": 1}, ""),
        (b"did:plc:abc", "text/plain", None, "did:plc:abc"),
        (b"<html>", "application/json", None, "<html>"),
        (b'{"a": NaN}', "application/json", None, '{"a": NaN}'),
        (deep.encode(), "application/json", None, deep),
        (b"9" * 5000, "application/json", None, "9" * 5000),
        (b"\xff\xfe", "text/html; charset=nonsense", None, "��"),
        ("cà".encode("utf-16"), "text/html; charset=utf-16", None, "cà"),
        (b"", "application/json", None, ""),
    ]
    for content, content_type, body, text in cases:
        with LocalServer(_always(says(content, content_type=content_type))) as server:
            answer = drive_with(allowed_origins=[server.origin])(post(server.origin), platform="x")
        assert (answer.body, answer.text) == (body, text)
        assert answer.content == content


def test_a_packed_answer_is_unpacked_within_bounds(drive_with: MakeDrive) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    fine = packer.compress(b'{"a": 1}') + packer.flush()
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = packer.compress(b" " * 40_000_000) + packer.flush()

    with LocalServer(lambda _: says(fine, Content_Encoding="gzip")) as server:
        answer = drive_with(allowed_origins=[server.origin])(post(server.origin), platform="x")
    with LocalServer(lambda _: says(bomb, Content_Encoding="gzip")) as server:
        drive = drive_with(allowed_origins=[server.origin])
        with pytest.raises(NotSent) as caught:
            drive(post(server.origin, visible=False), platform="x")

    assert answer.body == {"a": 1}
    assert caught.value.code == "network.too_large"
