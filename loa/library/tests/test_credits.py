"""Who made a picture is in the file that goes out, and no pixel has changed."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from loa.library.rules.credits import ARTIST, COPYRIGHT, Credit, stamped
from loa.library.tests.pictures import a_moving_gif, a_picture

CREDIT = Credit("Lan Phạm", "© Lan Phạm / Studio Nắng")


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "colour"),
    [("JPEG", (180, 90, 40)), ("WEBP", (180, 90, 40)), ("WEBP", (180, 90, 40, 128))],
)
def test_artist_and_copyright_stand_in_the_exif(kind: str, colour: tuple[int, ...]) -> None:
    plain = a_picture(kind=kind, colour=colour)

    content = stamped(plain, f"image/{kind.lower()}", CREDIT)

    image = opened(content)
    exif = image.getexif()
    assert "Studio N" in str(exif[COPYRIGHT])
    assert str(exif[ARTIST]).startswith("Lan Ph")
    assert CREDIT.line.encode() in content
    assert ImageChops.difference(image, opened(plain)).getbbox() is None
    assert len(content) - len(plain) <= CREDIT.room


@pytest.mark.parametrize("lossless", [True, False])
def test_every_kind_of_webp_has_a_place_for_it(lossless: bool) -> None:  # noqa: FBT001
    plain = a_picture(61, 41, kind="WEBP", colour=(9, 9, 9, 9), lossless=lossless)

    image = opened(stamped(plain, "image/webp", CREDIT))

    assert image.size == (61, 41)
    assert image.mode == opened(plain).mode
    assert "Studio N" in str(image.getexif()[COPYRIGHT])


def test_a_png_says_it_as_text() -> None:
    plain = a_picture(kind="PNG")

    image = opened(stamped(plain, "image/png", CREDIT))

    assert image.info["Author"] == "Lan Phạm"
    assert image.info["Copyright"] == "© Lan Phạm / Studio Nắng"
    assert ImageChops.difference(image, opened(plain)).getbbox() is None


def test_short_names_and_one_of_two_are_enough() -> None:
    exif = opened(stamped(a_picture(), "image/jpeg", Credit("An"))).getexif()

    assert (exif[ARTIST], exif[COPYRIGHT]) == ("An", "An")


def test_nothing_to_say_or_no_place_for_it_changes_nothing() -> None:
    assert stamped(a_picture(), "image/jpeg", Credit()) == a_picture()
    assert stamped(a_moving_gif(), "image/gif", CREDIT) == a_moving_gif()
