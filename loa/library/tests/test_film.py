"""How a video is made to fit: what is kept, what changes, what nothing can mend."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.contract import VideoRules
from loa.library.rules.colours import HLG
from loa.library.rules.film import Plan, fit_video
from loa.library.rules.fitting import AssetFacts

RULES = VideoRules(
    max_count=1,
    max_bytes=50_000_000,
    mime_types=("video/mp4",),
    video_codecs=("h264",),
    audio_codecs=("aac",),
    max_alt_chars=1000,
    max_duration_ms=60_000,
    max_frame_rate=60.0,
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
)


def plan_of(asset: AssetFacts, rules: VideoRules) -> Plan:
    fitted = fit_video(asset, rules)
    assert fitted.plan
    return fitted.plan


def test_what_fits_already_keeps_its_pictures() -> None:
    fitted = fit_video(CLIP, RULES)

    assert fitted.plan
    assert fitted.plan.copies
    assert fitted.changes == ()


def test_no_copy_carries_its_owners_place_along() -> None:
    assert "-map_metadata" in plan_of(CLIP, RULES).arguments()


@pytest.mark.parametrize(
    ("asset", "rules", "change"),
    [
        (CLIP, replace(RULES, max_side_px=640), "smaller"),
        (CLIP, replace(RULES, max_pixels=640 * 360), "smaller"),
        (replace(CLIP, frame_rate=120.0), RULES, "slower"),
        (CLIP, replace(RULES, max_ratio=1.0), "bars"),
        (replace(CLIP, video_codec="hevc"), RULES, "re_encoded"),
        (replace(CLIP, pixel_format="yuv420p10le"), RULES, "re_encoded"),
        (replace(CLIP, audio_codec="opus"), RULES, "re_encoded"),
        (replace(CLIP, high_range=HLG), RULES, "colours"),
        (CLIP, replace(RULES, max_bytes=2_000_000), "lighter"),
    ],
)
def test_a_viewer_is_told_what_changes(asset: AssetFacts, rules: VideoRules, change: str) -> None:
    fitted = fit_video(asset, rules)

    assert fitted.plan
    assert not fitted.plan.copies
    assert change in fitted.changes


@pytest.mark.parametrize(
    ("asset", "rules", "reason"),
    [
        (replace(CLIP, duration_ms=60_001), RULES, "too_long"),
        (replace(CLIP, duration_ms=900), replace(RULES, min_duration_ms=1000), "too_short"),
        (CLIP, replace(RULES, max_bytes=200_000), "too_heavy"),
    ],
)
def test_what_nothing_can_mend_has_no_plan(
    asset: AssetFacts, rules: VideoRules, reason: str
) -> None:
    fitted = fit_video(asset, rules)

    assert fitted.plan is None
    assert fitted.stands_in_the_way == reason


def test_twice_too_fast_shows_every_second_picture() -> None:
    assert (
        plan_of(replace(CLIP, frame_rate=60.0), replace(RULES, max_frame_rate=30)).frame_rate == 30
    )
    assert plan_of(CLIP, replace(RULES, max_frame_rate=25)).frame_rate == 25


def test_equal_needs_share_a_file_and_others_do_not() -> None:
    small = replace(RULES, max_side_px=640)

    assert plan_of(CLIP, small).need == plan_of(CLIP, replace(small, max_alt_chars=5)).need
    assert plan_of(CLIP, small).need != plan_of(CLIP, replace(RULES, max_side_px=320)).need
    assert plan_of(CLIP, small).need != plan_of(replace(CLIP, high_range=HLG), small).need


@given(
    width=st.integers(16, 8000),
    height=st.integers(16, 8000),
    seconds=st.integers(1, 3000),
    rate=st.floats(1, 240),
    most_bytes=st.integers(100_000, 10**9),
    side=st.integers(64, 4000),
    ratio=st.floats(0.4, 3),
)
def test_a_plan_stays_within_every_limit(
    *, width: int, height: int, seconds: int, rate: float, most_bytes: int, side: int, ratio: float
) -> None:
    asset = replace(
        CLIP, width_px=width, height_px=height, duration_ms=seconds * 1000, frame_rate=rate
    )
    rules = replace(
        RULES,
        max_duration_ms=None,
        max_bytes=most_bytes,
        max_side_px=side,
        max_ratio=ratio,
        max_frame_rate=30.0,
    )

    fitted = fit_video(asset, rules)

    if fitted.plan is None:
        assert fitted.stands_in_the_way == "too_heavy"
        return
    plan = fitted.plan
    assert max(plan.width_px, plan.height_px) <= side
    assert (plan.frame_rate or rate) <= 30.01
    assert plan.copies or plan.width_px % 2 == plan.height_px % 2 == 0
    assert (plan.video_kbps + plan.audio_kbps) * 1000 / 8 * seconds <= most_bytes
