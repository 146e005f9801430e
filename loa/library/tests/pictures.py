"""Pictures for the tests, good and hostile, made on the spot."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
ORIENTATION, TURN_RIGHT, MAKER = 0x0112, 6, 0x010F


def a_picture(
    width: int = 60,
    height: int = 40,
    *,
    kind: str = "JPEG",
    colour: Any = (180, 90, 40),
    **save: Any,
) -> bytes:
    """Return an encoded picture of one colour."""
    mode = "RGBA" if len(colour) == 4 else "RGB"
    out = BytesIO()
    Image.new(mode, (width, height), colour).save(out, kind, **save)
    return out.getvalue()


def a_noisy_picture(width: int, height: int, *, kind: str = "PNG") -> bytes:
    """Return a picture that hardly compresses."""
    out = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, kind)
    return out.getvalue()


def a_turned_photo() -> bytes:
    """Return a landscape file that a camera held upright marked as turned, with its maker."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = TURN_RIGHT, "Secret Camera"
    return a_picture(60, 40, exif=exif, comment=b"secret comment")


def a_moving_gif(frames: int = 3, *, width: int = 20, height: int = 20) -> bytes:
    """Return a GIF whose frames differ."""
    colours = [(number * 40 % 256, 90, 255 - number * 40 % 256) for number in range(frames)]
    pictures = [Image.new("RGB", (width, height), colour) for colour in colours]
    out = BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=80, loop=0)
    return out.getvalue()


def a_png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return some kilobytes that claim to unfold to billions of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    rows = zlib.compress(b"\0" * 3_000_000, 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def a_lying_png() -> bytes:
    """Return a PNG that says 100×100 and whose data unfolds to far more."""
    return a_png_bomb(100, 100)
