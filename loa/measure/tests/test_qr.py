"""QR codes, without a database."""

import io

from PIL import Image

from loa.measure.rules import qr

URL = "https://go.tiem.example/abcd2345"


def test_a_png_is_black_on_white_with_a_quiet_zone_of_four_modules() -> None:
    image = Image.open(io.BytesIO(qr.picture(URL, form="png"))).convert("L")
    zone = qr.QUIET_MODULES * qr.PNG_MODULE_PX
    width, height = image.size

    assert image.getextrema() == (0, 255)
    assert width == height
    assert width >= 945  # 8 cm at 300 dpi
    for box in ((0, 0, width, zone), (0, 0, zone, height), (width - zone, 0, width, height)):
        assert image.crop(box).getextrema() == (255, 255)
    assert image.getpixel((zone, zone)) == 0


def test_an_svg_has_its_ground_and_no_script_or_style() -> None:
    svg = qr.picture(URL, form="svg", title="bàn <5>").decode()

    assert 'fill="#fff"' in svg
    assert "&lt;5&gt;" in svg
    assert not any(word in svg for word in ("<script", "style=", "javascript:", "class="))


def test_a_file_is_called_by_the_brand_and_the_place() -> None:
    assert qr.filename("Tiệm Bánh", "bàn 5", form="svg") == "tiem-banh-ban-5.svg"
    assert qr.filename('../"x"\r\n', form="png") == "x.png"
    assert qr.filename("🍞", form="png") == "qr.png"
