"""What a file says it is, and whether that holds: pure checks of a video's words."""

import io
import struct
from dataclasses import replace

import pytest

from loa.library.rules.videos import (
    MATROSKA,
    MP4,
    QUICKTIME,
    WEBM,
    VideoFacts,
    container_of,
    refusal_of,
    said_size,
)

FACTS = VideoFacts(
    width_px=1080,
    height_px=1920,
    duration_ms=10_000,
    frame_rate=30.0,
    video_codec="h264",
    pixel_format="yuv420p",
    said_duration_ms=10_000,
    packet_count=300,
)


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"\0\0\0\x20ftypisom\0\0\2\0", MP4),
        (b"\0\0\0\x20ftypmp42\0\0\2\0", MP4),
        (b"\0\0\0\x14ftypqt  \0\0\2\0", QUICKTIME),
        (b"\0\0\0\x08wide\0\0\0\x10mdat", QUICKTIME),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01\x42\x82\x84webm", WEBM),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01\x42\x82\x88matroska", MATROSKA),
        (b"\0\0\0\x20ftypheic\0\0\0\0", None),
        (b"\0\0\0\x20ftypavif\0\0\0\0", None),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", None),
        (b"#EXTM3U\nfile:///etc/passwd", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"", None),
    ],
)
def test_the_container_is_known_by_content(head: bytes, mime_type: str | None) -> None:
    assert container_of(io.BytesIO(head)) == mime_type


@pytest.mark.parametrize(
    ("facts", "said", "reason"),
    [
        (FACTS, (1080, 1920), ""),
        (FACTS, (1920, 1080), ""),  # said before it is turned
        (FACTS, (1088, 1920), ""),  # codecs count in blocks
        (FACTS, None, ""),
        (FACTS, (320, 240), "lying_size"),
        (replace(FACTS, said_duration_ms=60_000), None, "lying_duration"),
        (replace(FACTS, said_duration_ms=11_500), None, ""),
        (replace(FACTS, said_duration_ms=None), None, ""),
        (replace(FACTS, width_px=8193), None, "huge"),
        (replace(FACTS, width_px=8000, height_px=8000), None, "huge"),
        (replace(FACTS, duration_ms=14_400_001, said_duration_ms=None), None, "endless"),
        (replace(FACTS, packet_count=0), None, "nothing"),
    ],
)
def test_a_video_that_lies_or_has_no_end_is_refused(
    facts: VideoFacts, said: tuple[int, int] | None, reason: str
) -> None:
    assert refusal_of(facts, said_size=said) == reason


def test_an_index_of_endless_boxes_is_walked_only_so_far() -> None:
    many = b"\0\0\0\x08free" * 50_000

    assert said_size(io.BytesIO(many)) is None


def test_a_box_that_reaches_beyond_the_file_is_not_followed() -> None:
    assert said_size(io.BytesIO(struct.pack(">I", 2**31) + b"moov")) is None
