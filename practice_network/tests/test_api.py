"""The API's manners: limits, media, errors, and who may administer."""

import sqlite3
import struct
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from practice_network.client import PracticeClient, Refused
from practice_network.images import recognise
from practice_network.testing import Running, running_network
from practice_network.tests.pictures import GIF, JPEG, PNG, WEBP


def raw(practice: Running, method: str, path: str, **headers: str) -> int:
    connection = HTTPConnection(urlsplit(practice.base_url).netloc, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"/api/v1{path}", body=b"{}", headers=sent)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    ("content", "mime_type", "size"),
    [
        (PNG, "image/png", (3, 2)),
        (JPEG, "image/jpeg", (3, 2)),
        (GIF, "image/gif", (3, 2)),
        (WEBP, "image/webp", (3, 2)),
    ],
)
def test_a_picture_is_recognised_by_its_content(
    content: bytes, mime_type: str, size: tuple[int, int]
) -> None:
    image = recognise(content)

    assert image is not None
    assert (image.mime_type, (image.width_px, image.height_px)) == (mime_type, size)


@pytest.mark.parametrize("content", [b"", b"<svg/>", PNG[:20], JPEG[:4], WEBP[:16], b"GIF89a"])
def test_what_is_no_whole_picture_is_not_taken_for_one(content: bytes) -> None:
    assert recognise(content) is None


def test_a_picture_keeps_description_and_focus(practice: Running) -> None:
    client = practice.client
    cafe = client.open_account("quan_nho")
    medium = client.upload(cafe.access_code, PNG, alt_text="Ly trà đào", focus="0.5,-0.25")

    described = client.call(
        "PATCH",
        f"/media/{medium['id']}",
        {"alt_text": "Ly trà đào cam sả", "focus": [0, 1]},
        access_code=cafe.access_code,
    )

    assert (medium["alt_text"], medium["focus"]) == ("Ly trà đào", [0.5, -0.25])
    assert (described["alt_text"], described["focus"]) == ("Ly trà đào cam sả", [0, 1])


@pytest.mark.parametrize(
    ("content", "alt_text", "focus", "code"),
    [
        (b"", "", "0,0", "media.empty"),
        (b"<svg/>", "", "0,0", "media.unsupported"),
        (PNG, "a" * 1501, "0,0", "media.alt_too_long"),
        (PNG, "", "2,0", "field.wrong"),
        (PNG, "", "middle", "field.wrong"),
        (PNG + bytes(8_000_000), "", "0,0", "media.too_large"),
        (PNG + bytes(9_000_000), "", "0,0", "media.too_large"),
    ],
)
def test_a_picture_outside_the_limits_is_refused(
    practice: Running, content: bytes, alt_text: str, focus: str, code: str
) -> None:
    cafe = practice.client.open_account("quan_nho")

    with pytest.raises(Refused) as refused:
        practice.client.upload(cafe.access_code, content, alt_text=alt_text, focus=focus)

    assert refused.value.code == code


def test_a_picture_in_processing_cannot_be_posted_yet(practice: Running) -> None:
    client = practice.client
    client.set_clock(speed=0)
    cafe = client.open_account("quan_nho", media_processing_s=10)
    medium = client.upload(cafe.access_code, PNG)

    with pytest.raises(Refused, match=r"media\.processing"):
        client.post(cafe.access_code, "Sớm quá", media_ids=[medium["id"]])
    client.set_clock(advance_s=10)

    assert medium["state"] == "processing"
    assert medium["url"] is None
    assert client.post(cafe.access_code, "Được rồi", media_ids=[medium["id"]])["media"]


def test_nobody_posts_the_picture_of_another(practice: Running) -> None:
    client = practice.client
    cafe, rival = client.open_account("quan_nho"), client.open_account("quan_khac")
    medium = client.upload(cafe.access_code, PNG)

    with pytest.raises(Refused, match=r"media\.unknown"):
        client.post(rival.access_code, "Lấy ảnh", media_ids=[medium["id"]])


def png_of(width_px: int, height_px: int) -> bytes:
    """Return a picture as far as the network looks: its head, with another size."""
    return PNG[:16] + struct.pack(">II", width_px, height_px) + PNG[24:]


@pytest.mark.parametrize("size", [(799, 1000), (1911, 1000)])
def test_a_picture_first_account_is_refused_what_is_too_tall_or_wide(
    practice: Running, size: tuple[int, int]
) -> None:
    gallery = practice.client.open_account("tiem_anh", kind="pictures")
    cafe = practice.client.open_account("quan_nho")

    with pytest.raises(Refused, match=r"media\.wrong_shape"):
        practice.client.upload(gallery.access_code, png_of(*size))

    assert practice.client.upload(cafe.access_code, png_of(*size))["width_px"] == size[0]


@pytest.mark.parametrize("size", [(800, 1000), (1910, 1000)])
def test_a_picture_first_account_posts_pictures_of_the_shapes_it_names(
    practice: Running, size: tuple[int, int]
) -> None:
    client = practice.client
    gallery = client.open_account("tiem_anh", kind="pictures")
    limits = client.call("GET", "/limits", access_code=gallery.access_code)

    medium = client.upload(gallery.access_code, png_of(*size))
    post = client.post(gallery.access_code, "Khung cửa", media_ids=[medium["id"]])

    assert (limits["image_min_ratio"], limits["image_max_ratio"]) == (0.8, 1.91)
    assert limits["images_min_count"] == 1
    assert post["media"]
    assert client.post(gallery.access_code, "Đặt ở đây nhé", reply_to=post["id"])


def test_a_picture_first_account_has_no_post_without_a_picture(practice: Running) -> None:
    client = practice.client
    gallery = client.open_account("tiem_anh", kind="pictures")
    medium = client.upload(gallery.access_code, png_of(1000, 1000))
    post = client.post(gallery.access_code, "Khung cửa", media_ids=[medium["id"]])

    with pytest.raises(Refused, match=r"media\.required"):
        client.post(gallery.access_code, "Chỉ có lời")
    with pytest.raises(Refused, match=r"media\.required"):
        client.call(
            "PATCH", f"/posts/{post['id']}", {"media_ids": []}, access_code=gallery.access_code
        )

    assert len(client.posts_in_ledger()) == 1


def test_a_network_of_an_earlier_release_still_opens(tmp_path: Path) -> None:
    file = tmp_path / "network.sqlite"
    with running_network(data=tmp_path) as before:
        before.client.open_account("quan_nho")
    with closing(sqlite3.connect(file)) as old:
        old.execute("ALTER TABLE accounts DROP COLUMN kind")
        old.commit()

    with running_network(data=tmp_path) as after:
        code = after.client.issue_token("quan_nho").access_code
        assert after.client.call("GET", "/me", access_code=code)["kind"] == "words"


def test_the_limits_are_told_to_everybody(practice: Running) -> None:
    limits = practice.client.limits()

    assert limits["text_max_chars"] == 500
    assert limits["text_unit"] == "graphemes"
    assert limits["images_max_count"] == 4


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": 7}, "field.wrong"),
        ({"text": "a", "media_ids": "m1"}, "field.wrong"),
        ({"text": "a", "language": "Vietnamese!"}, "field.wrong"),
        ({"text": "a\ud800"}, "field.wrong"),
        ({"text": "a", "media_ids": ["m1"] * 5}, "media.too_many"),
        ({"text": "a", "id": "loa-chosen-id"}, "field.wrong"),
        ({"text": "a", "client_ref": "r"}, "field.wrong"),
    ],
)
def test_a_wrong_field_is_named(practice: Running, body: dict[str, object], code: str) -> None:
    cafe = practice.client.open_account("quan_nho")

    with pytest.raises(Refused) as refused:
        practice.client.call("POST", "/posts", body, access_code=cafe.access_code)

    assert (refused.value.status, refused.value.code) == (422, code)


def test_every_answer_has_a_number_of_its_own(practice: Running) -> None:
    answers = [practice.client.exchange("GET", "/limits", None, {}) for _ in range(3)]

    assert len({one.headers["x-request-id"] for one in answers}) == 3


def test_nothing_is_done_without_a_code(practice: Running) -> None:
    assert raw(practice, "GET", "/me") == 401
    assert raw(practice, "POST", "/posts", Authorization="Bearer made-up") == 401
    assert raw(practice, "GET", "/nothing") == 404


def test_only_json_from_this_machine_administers(practice: Running) -> None:
    json_kind = {"Content_Type": "application/json"}

    assert raw(practice, "POST", "/admin/clock", **json_kind) == 200
    assert raw(practice, "POST", "/admin/clock", Content_Type="text/plain") == 415
    assert raw(practice, "POST", "/admin/clock", Host="evil.example", **json_kind) == 403


def test_who_holds_the_admin_code_administers_from_anywhere() -> None:
    with running_network(admin_code="mo-cua-ra") as running:
        headers = {"Content_Type": "application/json", "Host": "network.example"}
        refused = raw(running, "POST", "/admin/clock", **headers)
        allowed = raw(running, "POST", "/admin/clock", Authorization="Bearer mo-cua-ra", **headers)
        with PracticeClient(running.base_url, admin_code="mo-cua-ra") as client:
            told = client.call("GET", "/admin/clock")

    assert (refused, allowed) == (403, 200)
    assert told["speed"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"handle": "Quán"},
        {"handle": "a" * 31},
        {"handle": "linh.n042"},
        {"handle": "quan", "persona": "bank"},
        {"handle": "quan", "idempotency": "maybe"},
        {"handle": "quan", "time_zone": "Mars/Olympus"},
        {"handle": "quan", "followers": -1},
        {"handle": "quan", "followers": 1.5},
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    practice: Running, fields: dict[str, object]
) -> None:
    with pytest.raises(Refused, match=r"field\.wrong"):
        practice.client.call("POST", "/admin/accounts", fields)


def test_a_handle_belongs_to_one(practice: Running) -> None:
    practice.client.open_account("quan_nho")

    with pytest.raises(Refused, match=r"handle\.taken"):
        practice.client.open_account("quan_nho")
