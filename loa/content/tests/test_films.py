"""What a person is told about a video before it is sent."""

from dataclasses import replace

import pytest

from loa.connectors.contract import Capability, ImageRules, Limits, TextRules, TextUnit, VideoRules
from loa.content.rules.films import about_videos
from loa.content.rules.findings import Finding, Place, Severity
from loa.content.wording import sentence
from loa.library.rules.fitting import AssetFacts

BLOCK, WARN, HINT = Severity.BLOCK, Severity.WARN, Severity.HINT
RULES = VideoRules(
    max_count=1,
    max_bytes=50_000_000,
    mime_types=("video/mp4",),
    video_codecs=("h264",),
    audio_codecs=("aac",),
    max_alt_chars=1000,
    min_duration_ms=1000,
    max_duration_ms=60_000,
    max_side_px=1920,
    max_frame_rate=60.0,
    min_ratio=0.5,
    max_ratio=2.0,
)
LIMITS = Limits(
    text=TextRules(500, TextUnit.GRAPHEMES),
    images=ImageRules(4, 1_000_000, ("image/jpeg",), 1500),
    video=RULES,
)
CLIP = AssetFacts(
    "video/mp4",
    5_000_000,
    1280,
    720,
    duration_ms=20_000,
    frame_rate=30.0,
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
    video_state="ready",
)
ALL = frozenset(Capability)


def told(
    *videos: AssetFacts,
    pictures: int = 0,
    limits: Limits = LIMITS,
    can: frozenset[Capability] = ALL,
) -> list[Finding]:
    places = [(Place(part=0, attachment=at), one) for at, one in enumerate(videos)]
    return about_videos(places, part=0, pictures=pictures, limits=limits, capabilities=can)


def test_a_video_that_fits_is_not_mentioned() -> None:
    assert told(CLIP) == []


@pytest.mark.parametrize(
    ("video", "code", "severity"),
    [
        (replace(CLIP, duration_ms=60_001), "video.too_long", BLOCK),
        (replace(CLIP, duration_ms=999), "video.too_short", BLOCK),
        (replace(CLIP, video_state="broken"), "video.broken", BLOCK),
        (replace(CLIP, video_state="checking"), "video.checking", HINT),
        (replace(CLIP, width_px=1600, height_px=720), "video.bars", WARN),
        (replace(CLIP, width_px=320, height_px=720), "video.bars", WARN),
        (replace(CLIP, width_px=3840, height_px=2160), "video.smaller", HINT),
        (replace(CLIP, frame_rate=120.0), "video.slower", HINT),
        (replace(CLIP, video_codec="hevc"), "video.re_encoded", HINT),
        (replace(CLIP, high_range="smpte2084"), "video.colours", HINT),
        (replace(CLIP, size_bytes=50_000_001), "video.re_encoded", HINT),
    ],
)
def test_one_over_each_limit_is_told_with_what_loa_does_about_it(
    video: AssetFacts, code: str, severity: Severity
) -> None:
    found = {(one.code, one.severity) for one in told(video)}

    assert (code, severity) in found


def test_a_limit_in_bytes_too_tight_for_any_picture_blocks() -> None:
    tight = replace(LIMITS, video=replace(RULES, max_bytes=200_000))

    assert [one.code for one in told(CLIP, limits=tight)] == ["video.too_heavy"]


def test_pictures_and_videos_are_not_mixed_nor_two_videos_sent() -> None:
    codes = [one.code for one in told(CLIP, CLIP, pictures=1)]

    assert codes == ["video.mixed", "video.too_many"]


@pytest.mark.parametrize(
    ("limits", "can"),
    [(replace(LIMITS, video=None), ALL), (LIMITS, ALL - {Capability.VIDEO})],
)
def test_a_platform_without_videos_says_so(limits: Limits, can: frozenset[Capability]) -> None:
    assert [one.code for one in told(CLIP, limits=limits, can=can)] == ["video.unsupported"]


@pytest.mark.parametrize(
    "finding",
    [
        *told(CLIP, CLIP, pictures=1),
        *told(replace(CLIP, duration_ms=60_001)),
        *told(replace(CLIP, duration_ms=999)),
        *told(replace(CLIP, width_px=1600, frame_rate=120.0, video_state="checking")),
        *told(replace(CLIP, width_px=3840, height_px=2160)),
        *told(CLIP, limits=replace(LIMITS, video=None)),
        *told(CLIP, limits=replace(LIMITS, video=replace(RULES, max_bytes=200_000))),
        *told(CLIP, limits=replace(LIMITS, video=replace(RULES, max_bytes=1_500_000))),
        *told(replace(CLIP, video_codec="vp9")),
    ],
    ids=lambda one: one.code,
)
def test_every_finding_is_a_sentence(finding: Finding) -> None:
    words = sentence(finding)

    assert words != finding.code
    assert "%(" not in words


def test_limits_kept_before_videos_were_known_are_told_apart() -> None:
    stored = LIMITS.to_json()
    older = {name: value for name, value in stored.items() if name != "video"}

    assert Limits.tells_video(stored)
    assert not Limits.tells_video(older)
    assert Limits.from_json(stored) == LIMITS
    assert Limits.from_json(older).video is None
