"""What a file really is, by its first bytes, and how large a picture it would unfold to.

Read without decoding anything, so a bomb of a few kilobytes is refused at the cost of a few
kilobytes. Sources: PNG (W3C, 11.2.1), JPEG (T.81, B.2.2), GIF89a (18), WebP (RFC 9649),
AVIF (ISO/IEC 23008-12, 6.5.3).
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from loa.kernel.errors import LoaError

HEAD_BYTES = 65_536
MOST_JPEG_SEGMENTS = 500
# SOF0 to SOF15 without DHT, JPG and DAC.
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class Header:
    """A picture's type, and the size it claims."""

    mime_type: str
    width_px: int
    height_px: int


class NotAPicture(LoaError):
    """The content is not a picture we take.

    kind: "empty", "svg", "heic", "video", "document", "broken" or "unknown".
    """

    def __init__(self, kind: str) -> None:
        super().__init__(f"not a picture: {kind}")
        self.kind = kind


def read_header(stream: BinaryIO) -> Header:
    """Return the type and claimed size of the picture in `stream`; NotAPicture if it is none."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if not head:
        raise NotAPicture("empty")
    try:
        header = _by_signature(head, stream)
    except (struct.error, IndexError):
        raise NotAPicture("broken") from None
    if header is None:
        raise NotAPicture(_kind_of(head))
    if not header.width_px or not header.height_px:
        raise NotAPicture("broken")
    return header


def _by_signature(head: bytes, stream: BinaryIO) -> Header | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        if head[12:16] != b"IHDR":
            raise NotAPicture("broken")
        return Header("image/png", *struct.unpack(">II", head[16:24]))
    if head.startswith(b"\xff\xd8\xff"):
        return Header("image/jpeg", *_jpeg_size(stream))
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return Header("image/gif", *struct.unpack("<HH", head[6:10]))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Header("image/webp", *_webp_size(head))
    if head[4:12] in {b"ftypavif", b"ftypavis"}:
        return Header("image/avif", *_avif_size(head))
    return None


def _jpeg_size(stream: BinaryIO) -> tuple[int, int]:
    """Walk the segments up to the frame header; large profiles may stand before it."""
    stream.seek(2)
    for _ in range(MOST_JPEG_SEGMENTS):
        marker = _next_marker(stream)
        if marker in _ALONE_MARKERS:
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        if marker in _FRAME_MARKERS:
            height, width = struct.unpack(">xHH", stream.read(5))
            return width, height
        stream.seek(max(length - 2, 0), 1)
    raise NotAPicture("broken")


def _next_marker(stream: BinaryIO) -> int:
    if stream.read(1) != b"\xff":
        raise NotAPicture("broken")
    for _ in range(HEAD_BYTES):  # any number of fill bytes may stand before a marker
        byte = stream.read(1)
        if byte != b"\xff":
            return byte[0]
    raise NotAPicture("broken")


def _webp_size(head: bytes) -> tuple[int, int]:
    chunk, body = head[12:16], head[20:]
    if chunk == b"VP8X":
        return 1 + _little_24(body[4:7]), 1 + _little_24(body[7:10])
    if chunk == b"VP8L":
        (bits,) = struct.unpack("<I", body[1:5])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise NotAPicture("broken")


def _little_24(three: bytes) -> int:
    return three[0] | three[1] << 8 | three[2] << 16


def _avif_size(head: bytes) -> tuple[int, int]:
    """Return the largest size any of the file's image properties claims."""
    sizes = []
    at = head.find(b"ispe")
    while at != -1:
        sizes.append(struct.unpack(">II", head[at + 8 : at + 16]))
        at = head.find(b"ispe", at + 4)
    if not sizes:
        raise NotAPicture("broken")
    return max(width for width, _ in sizes), max(height for _, height in sizes)


def _kind_of(head: bytes) -> str:
    """Name what was sent instead, so the answer can say what to do."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!")) and b"<svg" in start):
        return "svg"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:11] in {b"hei", b"hev", b"mif", b"msf"} else "video"
    if head.startswith((b"\x1aE\xdf\xa3", b"OggS")):
        return "video"
    if head.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "document"
    return "unknown"
