"""What a video really is: its container by its first bytes, and whether its words hold.

Sources: ISO/IEC 14496-12 (boxes of MP4 and QuickTime), RFC 8794 (EBML, as Matroska and WebM
use it).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

HEAD_BYTES = 4096
MP4, QUICKTIME = "video/mp4", "video/quicktime"
WEBM, MATROSKA = "video/webm", "video/x-matroska"
MIME_TYPES = (MP4, QUICKTIME, WEBM, MATROSKA)
MOV_READER, MATROSKA_READER = "mov", "matroska"
READERS = {
    MP4: MOV_READER,
    QUICKTIME: MOV_READER,
    WEBM: MATROSKA_READER,
    MATROSKA: MATROSKA_READER,
}
# Brands of ISO files that hold pictures or sound alone.
_OTHER_BRANDS = (b"avi", b"hei", b"hev", b"mif", b"msf", b"M4A", b"M4B", b"M4P", b"crx", b"jp2")
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
LONGEST_SIDE_PX = 8192
MOST_PIXELS = 36_000_000
LONGEST_MS = 4 * 3600 * 1000
# How far what a header says may be from what is there.
DURATION_SLACK_MS, DURATION_SLACK_RATIO = 2000, 0.2
SIZE_SLACK_RATIO = 0.1
MOST_BOXES = 2000


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What was measured of a video. Sides are as it is shown, after its rotation.

    pixel_format: how the codec keeps colours. said_duration_ms: what the header claims; None
    when it says nothing. packet_count: pictures in the file, decodable or not. high_range: of
    rules.colours.
    """

    width_px: int
    height_px: int
    duration_ms: int
    frame_rate: float
    video_codec: str
    pixel_format: str
    rotation: int = 0
    audio_codec: str = ""
    said_duration_ms: int | None = None
    packet_count: int = 0
    high_range: str = ""

    @property
    def has_sound(self) -> bool:
        """True when there is a sound track."""
        return bool(self.audio_codec)


def container_of(stream: BinaryIO) -> str | None:
    """Return the type of the video in `stream` by its first bytes; None when it is none."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM if b"\x42\x82\x84webm" in head[:64] else MATROSKA
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand.startswith(_OTHER_BRANDS):
            return None
        return QUICKTIME if brand == b"qt  " else MP4
    if head[4:8] in _OLD_QUICKTIME:
        return QUICKTIME
    return None


def refusal_of(facts: VideoFacts, *, said_size: tuple[int, int] | None) -> str:
    """Return why a measured video is not taken, "" when it is.

    said_size: what the container claims, None where it claims nothing. "huge", "endless",
    "nothing" (no picture moves), "lying_duration" or "lying_size".
    """
    said_ms, found_ms = facts.said_duration_ms, facts.duration_ms
    pixels = facts.width_px * facts.height_px
    reasons = (
        ("huge", max(facts.width_px, facts.height_px) > LONGEST_SIDE_PX or pixels > MOST_PIXELS),
        ("endless", found_ms > LONGEST_MS),
        ("nothing", found_ms < 1 or facts.packet_count < 1),
        ("lying_duration", said_ms is not None and _differs(said_ms, found_ms)),
        ("lying_size", said_size is not None and not _same_size(said_size, facts)),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _differs(said_ms: int, found_ms: int) -> bool:
    slack = max(DURATION_SLACK_MS, DURATION_SLACK_RATIO * max(said_ms, found_ms))
    return abs(said_ms - found_ms) > slack


def _same_size(said: tuple[int, int], facts: VideoFacts) -> bool:
    """Say whether both mean the same picture; it may be said before or after its rotation."""
    found = (facts.width_px, facts.height_px)
    return any(
        all(abs(a - b) <= SIZE_SLACK_RATIO * max(a, b, 1) for a, b in zip(said, sides, strict=True))
        for sides in (found, found[::-1])
    )


def said_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Return the largest size the picture tracks of an MP4 claim; None when none is told."""
    stream.seek(0, 2)
    sizes = list(_sizes(stream, 0, stream.tell(), Budget()))
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


@dataclass(slots=True)
class Budget:
    """How many boxes may still be looked at."""

    left: int = MOST_BOXES


_PATH = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def _sizes(stream: BinaryIO, start: int, end: int, budget: Budget) -> Iterator[tuple[int, int]]:
    """Walk the boxes from `start` to `end` down to the descriptions of samples."""
    at = start
    while at + 8 <= end and budget.left > 0:
        budget.left -= 1
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:  # noqa: PLR2004 (a box begins with its size and its name)
            return
        (size,), name, body = struct.unpack(">I", head[:4]), head[4:8], at + 8
        if size == 1 and len(head) == 16:  # noqa: PLR2004 (the size follows in 64 bits)
            (size,), body = struct.unpack(">Q", head[8:]), at + 16
        elif size == 0:
            size = end - at
        if size < 8 or at + size > end:  # noqa: PLR2004
            return
        if name in _PATH:
            yield from _sizes(stream, body, at + size, budget)
        elif name == b"stsd":
            stream.seek(body)
            yield from _described(stream.read(min(size, HEAD_BYTES)))
        at += size


def _described(samples: bytes) -> Iterator[tuple[int, int]]:
    """Read the first sample description, if it has the shape of a picture's."""
    if len(samples) < 44 or samples[12:16] in {b"mp4a", b"tx3g", b"tmcd", b"text"}:  # noqa: PLR2004
        return
    width, height = struct.unpack(">HH", samples[40:44])
    if width and height:
        yield width, height
