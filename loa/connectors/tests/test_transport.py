"""What the transport makes of answers, of silence, and of half an answer."""

import io
import json
import threading
import time

import pytest

from loa.connectors.contract import Answer, FilePart, Flow, Media, Request, Wait, ask, pause
from loa.connectors.errors import ConnectorError, NotSent, Refused, Uncertain
from loa.connectors.tests.conftest import MakeDrive
from loa.connectors.tests.local_server import Heard, LocalServer, Script, says


def hello(_: Heard) -> bytes:
    return says('{"id": "101"}')


def post(url: str, *, visible: bool = True, timeout_s: float = 2.0) -> Flow[Answer]:
    return ask(
        Request("POST", url, json={"status": "Bánh mì"}, visible=visible, timeout_s=timeout_s)
    )


def a_file(content: bytes, *, size_bytes: int | None = None) -> Media:
    return Media(
        asset_id=1,
        filename='hai "ngôi".png',
        mime_type="image/png",
        size_bytes=len(content) if size_bytes is None else size_bytes,
        open=lambda: io.BytesIO(content),
    )


def test_a_flow_is_driven_to_its_value(drive_with: MakeDrive) -> None:
    def flow(origin: str) -> Flow[str]:
        first = yield from ask(Request("GET", f"{origin}/one", params=(("q", "cà phê"),)))
        yield from pause(3)
        second = yield from ask(Request("POST", f"{origin}/two", json={"a": "ế"}))
        return f"{first.status} {second.body}"

    with LocalServer(hello) as server:
        value = drive_with(allowed_origins=[server.origin])(flow(server.origin), platform="test")

    assert value == "200 {'id': '101'}"
    assert [heard.path for heard in server.heard] == ["/one?q=c%C3%A0+ph%C3%AA", "/two"]
    assert json.loads(server.heard[1].body) == {"a": "ế"}
    assert server.heard[1].headers["content-type"] == "application/json"
    assert server.connections == 1


def test_files_travel_whole_as_form_and_as_they_are(drive_with: MakeDrive) -> None:
    content = bytes(range(256)) * 1000

    def flow(origin: str) -> Flow[None]:
        file = FilePart("file", a_file(content))
        yield from ask(Request("POST", f"{origin}/form", form=(("alt", "Ảnh"),), files=(file,)))
        yield from ask(Request("POST", f"{origin}/raw", media=a_file(content)))

    with LocalServer(hello) as server:
        drive_with(allowed_origins=[server.origin])(flow(server.origin), platform="test")

    form, raw = server.heard
    boundary = form.headers["content-type"].partition("boundary=")[2].encode()
    fields = form.body.split(b"--" + boundary)
    assert len(fields) == 4
    assert fields[1].endswith("\r\n\r\nẢnh\r\n".encode())
    assert 'filename="hai %22ngôi%22.png"'.encode() in fields[2]
    assert fields[2].endswith(b"\r\n\r\n" + content + b"\r\n")
    assert raw.body == content
    assert raw.headers["content-type"] == "image/png"


NO_ANSWER: dict[str, Script] = {
    "hangs up": lambda _: None,
    "half a head": lambda _: b"HTTP/1.1 200 OK\r\nContent-Le",
    "half a body": lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
    "half a chunk": lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    "no HTTP": lambda _: b"\x16\x03\x01 what?\r\n\r\n",
    "too large": lambda _: says(b" " * 4_100_000),
    "unknown packing": lambda _: says(b"abc", Content_Encoding="br"),
    "broken packing": lambda _: says(b"abc", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("fault", NO_ANSWER)
@pytest.mark.parametrize("visible", [True, False])
def test_a_lost_answer_is_uncertain_only_when_the_public_could_see_it(
    fault: str, drive_with: MakeDrive, *, visible: bool
) -> None:
    with LocalServer(NO_ANSWER[fault], keep_alive=False) as server:
        drive = drive_with(allowed_origins=[server.origin])
        with pytest.raises(ConnectorError) as caught:
            drive(post(server.origin, visible=visible), platform="test")

    assert type(caught.value) is (Uncertain if visible else NotSent)
    assert caught.value.code.startswith("network.")


@pytest.mark.parametrize("visible", [True, False])
def test_silence_is_sorted_the_same_way(drive_with: MakeDrive, *, visible: bool) -> None:
    held = threading.Event()

    def wait(_: Heard) -> None:
        held.wait(5)

    with LocalServer(wait) as server:
        drive = drive_with(allowed_origins=[server.origin])
        with pytest.raises(ConnectorError) as caught:
            drive(post(server.origin, visible=visible, timeout_s=0.2), platform="test")
        held.set()

    assert type(caught.value) is (Uncertain if visible else NotSent)
    assert caught.value.code == "network.timeout"


def test_a_drip_of_bytes_does_not_stretch_the_time_limit(drive_with: MakeDrive) -> None:
    """Each byte arrives in time; the whole does not."""
    held = threading.Event()

    def drip(_: Heard) -> bytes:
        connection = server._open[-1]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not held.wait(0.05):
            connection.sendall(b" ")
        return b""

    with LocalServer(drip) as server:
        drive = drive_with(allowed_origins=[server.origin])
        with pytest.raises(Uncertain) as caught:
            drive(post(server.origin, timeout_s=0.4), platform="test")
        held.set()

    assert caught.value.code == "network.timeout"


def test_before_the_first_byte_nothing_was_sent(drive_with: MakeDrive) -> None:
    with LocalServer(hello) as server:
        origin = server.origin
    hooks: list[str] = []

    for url, code in (
        (origin, "network.unreachable"),
        ("https://no.example", "network.unresolved"),
    ):
        drive = drive_with(allowed_origins=[origin], resolve=_nobody)
        with pytest.raises(NotSent) as caught:
            drive(post(url), platform="test", before_visible=lambda: hooks.append("called"))
        assert caught.value.code == code

    assert hooks == []


def _nobody(_: str) -> tuple[str, ...]:
    raise OSError("no such host")


def test_a_resolver_that_hangs_is_left_behind(drive_with: MakeDrive) -> None:
    held = threading.Event()

    def hang(_: str) -> tuple[str, ...]:
        held.wait(5)
        return ()

    with pytest.raises(NotSent) as caught:
        drive_with(resolve=hang)(post("https://slow.example", timeout_s=0.1), platform="test")
    held.set()

    assert caught.value.code == "network.unresolved"


def test_the_hook_is_called_once_the_connection_stands_and_before_a_byte(
    drive_with: MakeDrive,
) -> None:
    heard_then: list[tuple[int, int]] = []

    def flow(origin: str) -> Flow[None]:
        yield from ask(Request("GET", f"{origin}/before"))
        yield from ask(Request("POST", f"{origin}/visible", visible=True))
        yield from ask(Request("GET", f"{origin}/after"))

    with LocalServer(hello) as server:
        drive_with(allowed_origins=[server.origin])(
            flow(server.origin),
            platform="test",
            before_visible=lambda: heard_then.append((server.connections, len(server.heard))),
        )

    assert heard_then == [(1, 1)]
    assert len(server.heard) == 3


def test_a_hook_that_raises_sends_nothing(drive_with: MakeDrive) -> None:
    class TooLate(Exception):
        pass

    def refuse() -> None:
        raise TooLate

    with LocalServer(hello) as server:
        drive = drive_with(allowed_origins=[server.origin])
        with pytest.raises(TooLate):
            drive(post(server.origin), platform="test", before_visible=refuse)
        drive(post(f"{server.origin}/later"), platform="test")

    assert [heard.path for heard in server.heard] == ["/later"]


def test_a_flow_may_not_show_itself_twice(drive_with: MakeDrive) -> None:
    def flow(origin: str) -> Flow[None]:
        yield from post(origin)
        yield from post(origin)

    with LocalServer(hello) as server:
        drive = drive_with(allowed_origins=[server.origin])
        with pytest.raises(RuntimeError):
            drive(flow(server.origin), platform="test")

    assert len(server.heard) == 1


def test_a_flow_hears_of_a_failure_and_may_go_on(drive_with: MakeDrive) -> None:
    def flow(origin: str) -> Flow[str]:
        try:
            yield from ask(Request("GET", "http://10.0.0.1/card"))
        except Refused:
            answer = yield from post(origin)
            return str(answer.status)
        return "reached"

    with LocalServer(hello) as server:
        drive = drive_with(allowed_origins=[server.origin])
        assert drive(flow(server.origin), platform="test") == "200"


def test_a_connection_that_died_while_idle_costs_no_call_that_may_be_repeated(
    drive_with: MakeDrive,
) -> None:
    with LocalServer(hello, keep_alive=False) as server:
        drive = drive_with(allowed_origins=[server.origin])
        for _ in range(20):
            drive(post(server.origin, visible=False), platform="test")

    assert len(server.heard) == 20


def test_a_visible_request_takes_no_connection_that_the_server_has_closed(
    drive_with: MakeDrive,
) -> None:
    with LocalServer(hello, keep_alive=False) as server:
        drive = drive_with(allowed_origins=[server.origin])
        for _ in range(3):
            drive(post(server.origin), platform="test")
            time.sleep(0.05)  # the server's goodbye arrives

    assert len(server.heard) == 3


def test_a_get_follows_at_most_five_redirects(drive_with: MakeDrive) -> None:
    def onward(heard: Heard) -> bytes:
        left = int(heard.path[1:])
        return says(status=302, Location=f"/{left - 1}") if left else says('{"end": true}')

    with LocalServer(onward) as server:
        drive = drive_with(allowed_origins=[server.origin])
        answer = drive(ask(Request("GET", f"{server.origin}/5")), platform="test")
        with pytest.raises(NotSent) as caught:
            drive(ask(Request("GET", f"{server.origin}/6")), platform="test")

    assert answer.body == {"end": True}
    assert answer.url == f"{server.origin}/0"
    assert caught.value.code == "network.redirects"


def test_a_post_is_never_sent_on(drive_with: MakeDrive) -> None:
    with LocalServer(lambda _: says(status=307, Location="/elsewhere")) as server:
        drive = drive_with(allowed_origins=[server.origin])
        answer = drive(post(server.origin), platform="test")

    assert answer.status == 307
    assert len(server.heard) == 1


def test_a_grant_is_not_carried_to_another_origin(drive_with: MakeDrive) -> None:
    with (
        LocalServer(hello) as other,
        LocalServer(lambda _: says(status=302, Location=f"{other.origin}/x")) as server,
    ):
        drive = drive_with(allowed_origins=[server.origin, other.origin])
        open_answer = drive(ask(Request("GET", server.origin)), platform="test")
        with_grant = drive(
            ask(Request("GET", server.origin, headers={"Authorization": "Bearer t"})),
            platform="test",
        )

    assert open_answer.body == {"id": "101"}
    assert with_grant.status == 302
    assert len(other.heard) == 1
    assert "authorization" not in other.heard[0].headers


def test_headers_cannot_be_smuggled(drive_with: MakeDrive) -> None:
    with LocalServer(hello) as server:
        drive = drive_with(allowed_origins=[server.origin])
        for value in ("t\r\nX-Evil: 1", "t\x00", "ế"):
            request = Request("GET", server.origin, headers={"Authorization": value})
            with pytest.raises(Refused):
                drive(ask(request), platform="test")

    assert server.heard == []


def test_a_file_that_shrank_is_not_sent_as_if_it_were_whole(drive_with: MakeDrive) -> None:
    with LocalServer(hello) as server:
        drive = drive_with(allowed_origins=[server.origin])
        request = Request("POST", server.origin, media=a_file(b"12345", size_bytes=9))
        with pytest.raises(NotSent) as caught:
            drive(ask(request), platform="test")

    assert caught.value.code == "network.file_changed"


def test_a_flow_has_a_budget_and_waits_count(drive_with: MakeDrive) -> None:
    def patient() -> Flow[None]:
        while True:
            yield Wait(60)

    with pytest.raises(NotSent) as caught:
        drive_with()(patient(), platform="test", budget_s=30)

    assert caught.value.code == "time.over"


def test_many_threads_share_connections_without_mixing_answers(drive_with: MakeDrive) -> None:
    with LocalServer(lambda heard: says(json.dumps({"path": heard.path}))) as server:
        drive = drive_with(allowed_origins=[server.origin])
        wrong: list[str] = []

        def work(name: int) -> None:
            for number in range(40):
                path = f"/{name}/{number}"
                answer = drive(ask(Request("GET", server.origin + path)), platform="test")
                if answer.body != {"path": path}:
                    wrong.append(path)

        threads = [threading.Thread(target=work, args=(name,)) for name in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert wrong == []
    assert server.connections <= 24
