"""Write who made a picture into its file, without touching a pixel.

JPEG and WebP carry EXIF (CIPA DC-008: Artist and Copyright), PNG carries text chunks (W3C,
11.3.3.4). Other types are left as they are.
"""

import struct
import zlib
from dataclasses import dataclass

ARTIST, COPYRIGHT, ASCII = 0x013B, 0x8298, 2
# A segment of a JPEG holds 64 kB; names and credit lines are far shorter.
FRAME_BYTES = 400
STAMPED = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Credit:
    """Who made a picture, and how they want to be named."""

    creator: str = ""
    line: str = ""

    @property
    def room(self) -> int:
        """Return how many bytes it may add to a file; 0 when it says nothing."""
        said = len(self.creator.encode()) + len(self.line.encode())
        return 2 * said + FRAME_BYTES if said else 0


def stamped(content: bytes, mime_type: str, credit: Credit) -> bytes:
    """Return the file with `credit` in it; as it is when there is none or the type has no place.

    content: a file that we encoded ourselves, so it carries no other metadata.
    """
    if not credit.room:
        return content
    match mime_type:
        case "image/jpeg":
            return _jpeg(content, credit)
        case "image/png":
            return _png(content, credit)
        case "image/webp":
            return _webp(content, credit)
    return content


def _exif(credit: Credit) -> bytes:
    """Return a TIFF with one directory that names artist and copyright."""
    said = [(ARTIST, credit.creator or credit.line), (COPYRIGHT, credit.line or credit.creator)]
    values = [(tag, text.encode() + b"\0") for tag, text in said]
    at = 8 + 2 + 12 * len(values) + 4
    entries, data = b"", b""
    for tag, value in values:
        # A value of up to four bytes stands in the entry itself.
        where = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", at + len(data))  # noqa: PLR2004
        entries += struct.pack("<HHI", tag, ASCII, len(value)) + where
        if len(value) > 4:  # noqa: PLR2004
            data += value + b"\0" * (len(value) % 2)
    head = b"II*\0" + struct.pack("<IH", 8, len(values))
    return head + entries + struct.pack("<I", 0) + data


def _jpeg(content: bytes, credit: Credit) -> bytes:
    body = b"Exif\0\0" + _exif(credit)
    at = 2
    if content[2:4] == b"\xff\xe0":  # JFIF wants to stand first
        at += 2 + struct.unpack(">H", content[4:6])[0]
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return content[:at] + segment + content[at:]


def _png(content: bytes, credit: Credit) -> bytes:
    at = content.index(b"IHDR") + 4 + 13 + 4
    said = [("Author", credit.creator or credit.line), ("Copyright", credit.line or credit.creator)]
    chunks = b"".join(_text_chunk(key, text) for key, text in said)
    return content[:at] + chunks + content[at:]


def _text_chunk(key: str, text: str) -> bytes:
    body = b"iTXt" + key.encode() + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _webp(content: bytes, credit: Credit) -> bytes:
    """Put an EXIF chunk at the end, and say so in the extended header that this needs."""
    chunks = content[12:]
    kind = chunks[:4]
    if kind == b"VP8X":
        flags = chunks[8] | 0x08
        chunks = chunks[:8] + bytes([flags]) + chunks[9:]
    else:
        width, height, alpha = _webp_canvas(chunks)
        flags = 0x08 | (0x10 if alpha else 0)
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + canvas + chunks
    exif = _exif(credit)
    chunks += b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _webp_canvas(chunks: bytes) -> tuple[int, int, bool]:
    body = chunks[8:]
    if chunks[:4] == b"VP8L":
        (bits,) = struct.unpack("<I", body[1:5])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), bool(bits >> 28 & 1)
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF, False
