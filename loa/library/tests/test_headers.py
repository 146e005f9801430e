"""What a file is, told without decoding it."""

import time
import tracemalloc
from io import BytesIO

import pytest

from loa.library.rules.headers import Header, NotAPicture, read_header
from loa.library.tests.pictures import SVG, a_moving_gif, a_picture, a_png_bomb


@pytest.mark.parametrize(
    ("kind", "mime_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("AVIF", "image/avif"),
    ],
)
def test_type_and_size_are_read_from_the_content(kind: str, mime_type: str) -> None:
    assert read_header(BytesIO(a_picture(61, 43, kind=kind))) == Header(mime_type, 61, 43)


@pytest.mark.parametrize("save", [{"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}])
def test_every_form_of_webp_is_read(save: dict[str, object]) -> None:
    assert read_header(BytesIO(a_picture(61, 43, kind="WEBP", **save))).width_px == 61


def test_a_profile_larger_than_the_head_does_not_hide_the_size() -> None:
    picture = a_picture(61, 43, icc_profile=b"x" * 200_000)

    assert read_header(BytesIO(picture)) == Header("image/jpeg", 61, 43)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (SVG, "svg"),
        (b"\xef\xbb\xbf  <SVG onload=alert(1)>", "svg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
        (b"%PDF-1.7", "document"),
        (b"MZ\x90\0", "unknown"),
        (b"just words", "unknown"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"\xff\xd8\xff\xe0", "broken"),
        (b"\xff\xd8\xff\xe0\xff\xffJFIF", "broken"),
        (b"RIFF\0\0\0\0WEBPVP8X", "broken"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 40, "broken"),
        (a_picture(1, 1, kind="PNG").replace(b"\0\0\0\x01", b"\0\0\0\0", 1), "broken"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(content: bytes, kind: str) -> None:
    with pytest.raises(NotAPicture) as refused:
        read_header(BytesIO(content))

    assert refused.value.kind == kind


def test_every_cut_of_a_picture_is_read_or_refused() -> None:
    """A broken upload must never be a crash."""
    for whole in (a_picture(kind=kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")):
        for end in range(1, min(len(whole), 400)):
            try:
                read_header(BytesIO(whole[:end]))
            except NotAPicture:
                continue


def test_a_bomb_costs_next_to_nothing_to_measure() -> None:
    bomb = BytesIO(a_png_bomb())
    tracemalloc.start()
    started = time.perf_counter()

    header = read_header(bomb)

    assert header.width_px * header.height_px == 2_500_000_000
    assert time.perf_counter() - started < 0.1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_moving_gif_is_a_gif() -> None:
    assert read_header(BytesIO(a_moving_gif())) == Header("image/gif", 20, 20)
