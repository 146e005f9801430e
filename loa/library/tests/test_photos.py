"""Photographs are shrunk by libvips: what comes out is what Pillow would have made, only sooner."""

import subprocess
import sys
import tempfile
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from loa.library import imaging
from loa.library.imaging import _PATHS, CannotDecode, Order, Picture
from loa.library.tests.pictures import ORIENTATION, a_noisy_picture, a_picture

WHOLE = Order("image/png")


def made(content: bytes, *orders: Order) -> list[Picture]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return list(imaging.make(file, orders))


def seen(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.content))
    assert image.size == (picture.width_px, picture.height_px)
    assert Image.MIME[image.format or ""] == picture.mime_type
    return image.convert("RGB")


def a_photo(width: int = 96, height: int = 64, mode: str = "RGB", **save: Any) -> bytes:
    """Return a photograph whose corners differ."""
    image = Image.linear_gradient("L").resize((width, height))
    turned = image.transpose(Image.Transpose.ROTATE_90).resize((width, height))
    out = BytesIO()
    colours = Image.merge("RGB", [image, turned, ImageOps.mirror(turned)]).convert(mode)
    colours.save(out, "JPEG", quality=95, **save)
    return out.getvalue()


def difference(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("turn", range(1, 9))
def test_it_stands_upright_however_the_camera_was_held(turn: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    content = a_photo(exif=exif)

    whole, small = made(content, WHOLE, Order("image/jpeg", longest_px=48))

    expected = ImageOps.exif_transpose(Image.open(BytesIO(content)))
    assert difference(seen(whole), expected.convert("RGB")) < 2
    assert difference(seen(small), expected.resize(seen(small).size)) < 6


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_greys_and_printers_inks_become_what_screens_show(mode: str) -> None:
    (picture,) = made(a_photo(mode=mode), Order("image/webp", longest_px=48, quality=95))

    shown = seen(picture)
    assert shown.size == (48, 32)
    left, right = shown.getpixel((2, 16)), shown.getpixel((45, 16))
    assert left != right


def test_colours_of_another_space_look_the_same_in_ours() -> None:
    content = a_photo(icc_profile=swapped_profile())

    (picture,) = made(content, WHOLE)

    source = Image.open(BytesIO(content))
    expected = ImageCms.profileToProfile(
        source, BytesIO(swapped_profile()), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    assert expected
    assert difference(seen(picture), expected) < 2
    assert difference(seen(picture), source) > 10


def swapped_profile() -> bytes:
    """Return a profile in which red is called green, and green red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("profile", [b"x" * 300, b"", swapped_profile()[:200]])
def test_a_broken_profile_is_ignored(profile: bytes) -> None:
    content = a_photo(icc_profile=profile)

    (picture,) = made(content, WHOLE)

    assert difference(seen(picture), Image.open(BytesIO(content))) < 2


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (1, 900), (900, 1), (401, 399), (1601, 1067), (799, 1200)]
)
@pytest.mark.parametrize("longest", [1, 7, 200, 333])
def test_every_shape_comes_out_in_exactly_the_size_that_was_ordered(
    width: int, height: int, longest: int
) -> None:
    (picture,) = made(a_picture(width, height), Order("image/jpeg", longest_px=longest))

    assert max(picture.width_px, picture.height_px) == min(longest, max(width, height))
    assert seen(picture)


def test_a_part_is_cut_from_the_upright_photo_and_brought_to_its_size() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    content = a_photo(exif=exif)
    order = Order("image/png", width_px=20, height_px=30, crop=(4, 10, 40, 60))

    (picture,) = made(content, order)

    upright = ImageOps.exif_transpose(Image.open(BytesIO(content)))
    expected = upright.crop((4, 10, 44, 70)).resize((20, 30), Image.Resampling.LANCZOS)
    assert difference(seen(picture), expected) < 4


def test_bytes_are_saved_until_it_fits() -> None:
    noisy = a_noisy_picture(500, 400, kind="JPEG")

    (picture,) = made(noisy, Order("image/jpeg", width_px=500, height_px=400, max_bytes=9000))

    assert len(picture.content) <= 9000
    assert seen(picture).width < 500


def test_three_sizes_come_from_one_decoding_in_the_order_of_asking() -> None:
    content = a_photo(2100, 1400)
    sizes = (400, 2048, 1280)

    pictures = made(content, *(Order("image/webp", longest_px=size) for size in sizes))

    assert [one.width_px for one in pictures] == list(sizes)
    source = Image.open(BytesIO(content))
    for one in pictures:
        best = source.resize((one.width_px, one.height_px), Image.Resampling.LANCZOS)
        assert difference(seen(one), best) < 2


def test_more_pixels_than_a_picture_needs_are_not_unfolded() -> None:
    content = bytearray(a_picture(60, 40))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = (9000).to_bytes(2) + (9000).to_bytes(2)

    with pytest.raises(CannotDecode, match="more pixels"):
        made(bytes(content), WHOLE)


def test_a_picture_for_which_memory_does_not_suffice_is_refused_for_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    less = imaging._START.replace("child.main()", "child.MEMORY_BYTES = 150_000_000; child.main()")
    monkeypatch.setattr(imaging, "_START", less)
    drawing = BytesIO()
    Image.new("RGB", (5000, 5000)).save(drawing, "PNG")

    with pytest.raises(CannotDecode, match="more memory"):
        made(drawing.getvalue(), WHOLE)


def test_what_only_begins_like_a_photo_is_no_photo() -> None:
    for content in (b"\xff\xd8\xff", b"\xff\xd8\xff" + a_noisy_picture(40, 40, kind="PNG")):
        with pytest.raises(CannotDecode):
            made(content, WHOLE)


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/hostname')",
        "import os; os.open('/tmp', 0)",
        "import socket; socket.socket()",
    ],
)
@pytest.mark.parametrize("hand", ["photos", "drawings"])
def test_the_decoder_reaches_nothing_but_its_file(code: str, hand: str) -> None:
    start = (
        f"import sys, socket; sys.path += sys.argv[1:3]; import child; from child import {hand}\n"
        f"{hand}.get_ready(); child.close_the_doors()\n"
        f"try: {code}\n"
        "except OSError as error: print(type(error).__name__)\n"
        "else: print('reached')\n"
    )
    done = child_with(start, source=subprocess.DEVNULL)

    assert done.stdout.strip() == "OSError", done.stderr


def test_libvips_has_no_decoder_but_the_one_for_photos() -> None:
    start = (
        "import sys; sys.path += sys.argv[1:3]; from child import vips\n"
        "vips.start()\n"
        "vips._built('pngload_source', '', 'source', b'VipsSource', vips._source[0])\n"
    )
    with tempfile.TemporaryFile() as file:
        file.write(a_picture(kind="PNG"))
        file.seek(0)
        done = child_with(start, source=file)

    assert "operation is blocked" in done.stderr


def child_with(start: str, *, source: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start, *_PATHS],
        stdin=source,
        capture_output=True,
        check=False,
        timeout=30,
        text=True,
    )
