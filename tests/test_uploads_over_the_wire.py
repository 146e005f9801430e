"""Uploads in pieces against the real web server: lines that break, and a server that is killed."""

import os
import signal
import socket
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from pytest_django import Settings

from loa.library.models import Asset
from loa.library.tests.pictures import a_noisy_picture
from loa.library.tests.sending import Sender
from loa.site import invocation, reachability
from loa.site.tests.installation import free_port
from tests.bakery import Bakery, riverside_bakery
from tests.cast import signed_in
from tests.faults.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)
PICTURE = a_noisy_picture(300, 200)
WITHIN_S = 30


@pytest.fixture
def bakery(settings: Settings, tmp_path: Path) -> Bakery:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    return riverside_bakery()


def request(
    site: str, bakery: Bakery, method: str, path: str, body: bytes = b"", *, head: dict[str, str]
) -> bytes:
    """Return the bytes of a request by Ben."""
    client = signed_in(bakery.ben)
    cookie, csrf = settings_names()
    token = "a" * 32
    lines = {
        "Host": urlsplit(site).netloc,
        "Cookie": f"{cookie}={client.cookies[cookie].value}; {csrf}={token}",
        "X-CSRFToken": token,
        "Connection": "close",
        "Content-Length": str(len(body)),
        **head,
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode() + body


def settings_names() -> tuple[str, str]:
    return django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME


def line_to(site: str) -> socket.socket:
    line = socket.socket()
    line.settimeout(WITHIN_S)
    line.connect(("127.0.0.1", urlsplit(site).port))
    return line


def said(site: str, sent: bytes) -> str:
    """Send and return the head of the answer."""
    with line_to(site) as line:
        line.sendall(sent)
        answer = b""
        while more := line.recv(65_536):
            answer += more
    return answer.partition(b"\r\n\r\n")[0].decode()


def until(holds: Callable[[], object], expected: object) -> None:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        if holds() == expected:
            return
        time.sleep(0.05)
    assert holds() == expected


def test_what_came_before_the_line_broke_is_kept(site: str, bakery: Bakery) -> None:
    ben = Sender.of(bakery.ben)
    where = ben.begun("loaf.png", len(PICTURE))
    head = {"Upload-Offset": "0", "Content-Length": str(len(PICTURE))}
    whole = request(site, bakery, "PATCH", where, PICTURE, head=head)

    with line_to(site) as line:
        line.sendall(whole[: -len(PICTURE) + 50_000])
        time.sleep(0.2)  # what is lost in the machine's own buffers is no matter here

    until(lambda: ben.offset(where), 50_000)
    head = {"Upload-Offset": "50000"}
    rest = said(site, request(site, bakery, "PATCH", where, PICTURE[50_000:], head=head))
    assert "204" in rest.splitlines()[0]
    assert ben.take(where, PICTURE).status_code == 200


def test_slow_lines_stand_in_nobodys_way(site: str, bakery: Bakery) -> None:
    ben = Sender.of(bakery.ben)
    where = ben.begun("loaf.png", len(PICTURE))
    whole = request(site, bakery, "PATCH", where, PICTURE, head={"Upload-Offset": "0"})
    page = request(site, bakery, "GET", f"/w/{ben.slug}/library/", head={})

    with ExitStack() as lines:
        for _ in range(django_settings.WEB_THREADS + 2):
            slow = lines.enter_context(line_to(site))
            slow.sendall(whole[: len(whole) // 2])
        answer = said(site, page)

    assert "200" in answer.splitlines()[0]


def test_an_upload_survives_a_server_that_is_killed_between_and_within_its_pieces(
    bakery: Bakery,
) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    slug = bakery.workspace.slug
    form = {"Content-Type": "application/x-www-form-urlencoded", "Upload-Offset": "0"}
    announced = f"name=loaf.png&size_bytes={len(PICTURE)}".encode()
    begin = reverse("library:begin-upload", args=[slug])

    with a_server(port):
        first = said(site, request(site, bakery, "POST", begin, announced, head=form))
        where = value(first, "location")
        send(site, bakery, where, at=0, upto=40_000)
    with a_server(port) as server:
        send(site, bakery, where, at=40_000, upto=80_000)
        head = {"Upload-Offset": "80000"}
        half = request(site, bakery, "PATCH", where, PICTURE[80_000:], head=head)
        with line_to(site) as line:
            line.sendall(half[:-1000])
            server.send_signal(signal.SIGKILL)
            server.wait()
    with a_server(port):
        again = said(site, request(site, bakery, "POST", begin, announced, head=form))
        at = int(value(again, "upload-offset"))
        send(site, bakery, where, at=at, upto=len(PICTURE))
        checksum = f"checksum={zlib.crc32(PICTURE)}".encode()
        taken = said(site, request(site, bakery, "POST", f"{where}take/", checksum, head=form))

    assert value(again, "location") == where
    assert at >= 80_000
    assert "200" in taken.splitlines()[0]
    with bakery.inside():
        assert Asset.objects.get().filename == "loaf.png"


def send(site: str, bakery: Bakery, where: str, *, at: int, upto: int) -> None:
    head = {"Upload-Offset": str(at)}
    answer = said(site, request(site, bakery, "PATCH", where, PICTURE[at:upto], head=head))
    assert "204" in answer.splitlines()[0], answer


def value(head: str, name: str) -> str:
    found = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:])
    return found[name]


@contextmanager
def a_server(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `loa web` on the test's database; killed at the end, as a power cut would."""
    server = subprocess.Popen(
        invocation.loa_command("web"),
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "LOA_PORT": str(port),
            "LOA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        },
    )
    try:
        until(lambda: reachability.answers("127.0.0.1", port, "/health"), expected=True)
        yield server
    finally:
        server.kill()
        server.wait()
