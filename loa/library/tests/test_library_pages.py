"""The library's pages, and who gets to see a file."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from loa.library.models import Asset
from loa.library.tests.pictures import SVG, a_picture, a_png_bomb
from loa.workspace.models import Member
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.cast import signed_in
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def url(bakery: Bakery, name: str, *args: object) -> str:
    return reverse(f"library:{name}", args=[bakery.workspace.slug, *args])


def send(
    bakery: Bakery,
    content: bytes,
    *,
    by: Member | None = None,
    name: str = "loaf.jpg",
    script: bool = True,
) -> tuple[int, str]:
    headers = {"HX-Request": "true"} if script else {}
    answer = signed_in(by or bakery.ben).post(
        url(bakery, "upload-assets"),
        {"file": SimpleUploadedFile(name, content)},
        headers=headers,
    )
    return answer.status_code, answer.content.decode()


def the_asset(bakery: Bakery) -> Asset:
    with bakery.inside():
        return Asset.objects.get()


def test_a_picture_is_taken_in_listed_and_found_without_accents(bakery: Bakery) -> None:
    status, words = send(bakery, a_picture(), name="Bánh mì.jpg")

    asset = the_asset(bakery)
    assert (status, f'data-asset="{asset.pk}"' in words) == (200, True)
    page = signed_in(bakery.chloe).get(url(bakery, "library"), {"words": "banh mi"})
    assert "Bánh mì.jpg" in page.content.decode()
    assert (
        "Bánh mì.jpg"
        not in signed_in(bakery.chloe)
        .get(url(bakery, "library"), {"words": "tea"})
        .content.decode()
    )


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.jpg", "empty file"),
        (SVG, "logo.png", "SVG drawing"),
        (b"MZ\x90\0" * 9, "photo.jpg", "not a picture or video that Loa knows"),
        (a_png_bomb(), "small.png", "64 megapixels"),
        (a_picture(200, 200)[:400], "half.jpg", "damaged"),
    ],
)
def test_bad_uploads_get_a_sentence_with_their_name(
    bakery: Bakery, content: bytes, name: str, words: str
) -> None:
    status, answer = send(bakery, content, name=name)

    assert status == 422
    assert words in answer
    assert f"“{name}”" in answer


def test_an_upload_over_the_limit_gets_a_sentence_and_leaves_nothing(
    bakery: Bakery, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 2_000_000

    status, answer = send(bakery, b"\xff" * 3_500_000)

    assert status == 422
    assert "stopped reading" in answer
    with bakery.inside():
        assert not Asset.objects.exists()


def test_without_a_script_the_page_tells_the_same(bakery: Bakery) -> None:
    client = signed_in(bakery.ben)

    answer = client.post(
        url(bakery, "upload-assets"), {"file": SimpleUploadedFile("a.png", SVG)}, follow=True
    )

    assert "SVG drawing" in answer.content.decode()


def test_a_file_is_shown_to_members_as_a_picture_and_nothing_else(bakery: Bakery) -> None:
    send(bakery, a_picture())
    address = url(bakery, "show-file", the_asset(bakery).pk, "original")

    answer = signed_in(bakery.chloe).get(address)
    assert answer.getvalue()

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private")
    again = signed_in(bakery.chloe).get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("size", ["thumb", "preview", "original"])
def test_nobody_else_gets_the_file_or_learns_that_it_is_there(bakery: Bakery, size: str) -> None:
    send(bakery, a_picture())
    address = url(bakery, "show-file", the_asset(bakery).pk, size)
    stranger = elsewhere()
    theirs = url(stranger, "show-file", the_asset(bakery).pk, size)

    assert signed_in(stranger.ana).get(address).status_code == 404
    assert signed_in(stranger.ana).get(theirs).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_picture_is_described_by_words_and_a_focal_point(bakery: Bakery) -> None:
    send(bakery, a_picture())
    asset = the_asset(bakery)

    signed_in(bakery.ben).post(
        url(bakery, "asset", asset.pk), {"alt_text": "A loaf", "focus_x": "0.5", "focus_y": "-1"}
    )

    now = the_asset(bakery)
    assert (now.alt_text, now.focus_x, now.focus_y) == ("A loaf", 0.5, -1.0)
    refused = signed_in(bakery.ben).post(
        url(bakery, "asset", asset.pk), {"alt_text": "Kept words", "focus_x": "7", "focus_y": "0"}
    )
    assert refused.status_code == 422
    assert "Kept words" in refused.content.decode()


def test_who_only_approves_may_look_and_not_touch(bakery: Bakery) -> None:
    send(bakery, a_picture())
    asset = the_asset(bakery)
    chloe = signed_in(bakery.chloe)

    assert chloe.get(url(bakery, "asset", asset.pk)).status_code == 200
    assert chloe.post(url(bakery, "asset", asset.pk), {"alt_text": "x"}).status_code == 403
    assert chloe.post(url(bakery, "archive-asset", asset.pk)).status_code == 403


def test_putting_away_can_be_taken_back(bakery: Bakery) -> None:
    send(bakery, a_picture())
    asset = the_asset(bakery)
    client = signed_in(bakery.ben)

    client.post(url(bakery, "archive-asset", asset.pk))
    assert the_asset(bakery).archived_at is not None

    client.post(url(bakery, "restore-asset", asset.pk))
    assert the_asset(bakery).archived_at is None


def test_the_library_asks_few_questions(bakery: Bakery) -> None:
    for number in range(8):
        send(bakery, a_picture(60 + number, 40))
    client = signed_in(bakery.ben)
    client.get(url(bakery, "library"))  # the session and the rail's counts are kept by now

    with asks_at_most(10):
        client.get(url(bakery, "library"))


@pytest.mark.django_db(transaction=True)
def test_fifty_megabytes_are_refused_over_the_wire_before_they_are_all_read(
    site: str, settings: Settings
) -> None:
    """The length is announced, the answer comes while most of it was never sent."""
    settings.UPLOAD_MAX_BYTES = 40_000_000
    bakery = riverside_bakery()
    client = signed_in(bakery.ben)
    page = client.get(url(bakery, "library"))
    token = page.cookies["loa_csrf"].value
    cookies = f"loa_csrf={token}; loa_session={client.cookies['loa_session'].value}"
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="huge.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n"
    )
    host, port = urlsplit(site).netloc.split(":")
    lines = {
        "Host": f"{host}:{port}",
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": "50000000",
        "Cookie": cookies,
        "X-CSRFToken": token,
        "HX-Request": "true",
        "Connection": "close",
    }
    request = [f"POST {url(bakery, 'upload-assets')} HTTP/1.1"]
    request += [f"{name}: {value}" for name, value in lines.items()]

    with socket.create_connection((host, int(port)), timeout=20) as connection:  # noqa: TID251 (our own site)
        connection.sendall("\r\n".join([*request, "", ""]).encode() + head + b"\xff" * 1_000_000)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece

    assert b" 422 " in answer.split(b"\r\n", 1)[0]
    assert b"stopped reading" in answer
