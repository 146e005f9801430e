"""Recognise an image by its content and read its size, without decoding it."""

import struct
from dataclasses import dataclass

_MARK = 0xFF
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xDA)})


@dataclass(frozen=True, slots=True)
class Image:
    """What the first bytes of a file say about it."""

    mime_type: str
    width_px: int
    height_px: int


def recognise(content: bytes) -> Image | None:
    """Return what kind of image `content` is and how large; None when it is none we take."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            image = Image("image/png", *struct.unpack(">II", content[16:24]))
        elif content.startswith((b"GIF87a", b"GIF89a")):
            image = Image("image/gif", *struct.unpack("<HH", content[6:10]))
        elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            image = Image("image/webp", *_webp_size(content))
        elif content.startswith(b"\xff\xd8\xff"):
            image = Image("image/jpeg", *_jpeg_size(content))
        else:
            return None
    except (struct.error, IndexError, ValueError):
        return None
    return image if image.width_px and image.height_px else None


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == _MARK:
        marker = content[at + 1]
        if marker == _MARK or marker in _JPEG_BARE:
            at += 1 if marker == _MARK else 2
            continue
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        at += 2 + length
    raise ValueError("no frame header")


def _webp_size(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        return width, int.from_bytes(content[27:30], "little") + 1
    raise ValueError("unknown WebP chunk")
