"""Recognise an MP4 by its content and read its size and length, without decoding it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MIME_TYPE = "video/mp4"
_OTHERS = (b"avi", b"hei", b"mif", b"M4A")
_FOLDERS = (b"moov", b"trak")
_MOST_BOXES = 1000


@dataclass(frozen=True, slots=True)
class Video:
    """What the index of a file says about it."""

    width_px: int
    height_px: int
    duration_ms: int
    mime_type: str = MIME_TYPE


def recognise(content: bytes) -> Video | None:
    """Return what the MP4 in `content` says of itself; None when it is none."""
    if content[4:8] != b"ftyp" or content[8:11] in _OTHERS:
        return None
    width = height = duration_ms = 0
    try:
        for name, body in _boxes(content, 0, len(content)):
            if name == b"mvhd":
                duration_ms = _duration_ms(body)
            if name == b"tkhd":
                sides = struct.unpack(">II", body[-8:])
                width, height = max((width, height), (sides[0] >> 16, sides[1] >> 16))
    except (struct.error, IndexError):
        return None
    return Video(width, height, duration_ms) if width and height and duration_ms else None


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the boxes that tell something: those of the whole, and those of each track."""
    at = start
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        (size,) = struct.unpack(">I", content[at : at + 4])
        name, body = content[at + 4 : at + 8], at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", content[at + 8 : at + 16])
            body = at + 16
        last = end if size == 0 else at + size
        if size and size < body - at:
            return
        if name in _FOLDERS:
            yield from _boxes(content, body, min(last, end))
        elif name in {b"mvhd", b"tkhd"}:
            yield name, content[body:last]
        at = last


def _duration_ms(body: bytes) -> int:
    if body[0] == 1:
        scale, length = struct.unpack(">IQ", body[20:32])
    else:
        scale, length = struct.unpack(">II", body[12:20])
    return int(length * 1000 // scale) if scale else 0
