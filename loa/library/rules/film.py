"""How a video is made to fit what a platform takes: its shape, its pictures, its bytes."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from loa.connectors.contract import VideoRules
from loa.kernel.json import JSON
from loa.library.rules.colours import to_standard
from loa.library.rules.fitting import AssetFacts, within_box, within_pixels
from loa.library.rules.videos import MP4

H264, AAC = "h264", "aac"
PLAIN_COLOURS = frozenset({"yuv420p", "yuvj420p"})
# Bits per second for each bit of picture a second: what eyes still see at x264's pace.
BITS_PER_PIXEL = 0.11
LEAST_VIDEO_KBPS, MOST_VIDEO_KBPS = 120, 12_000
SOUND_KBPS, POOR_SOUND_KBPS = 128, 64
# What is left of a byte limit for the container and for the encoder's own inaccuracy.
USED_OF_LIMIT = 0.92
FASTEST, SLOWEST_RATE = 60.0, 1.0
RESERVED_BYTES, RESERVED_PER_PICTURE, RESERVED_PER_SECOND = 16_384, 48, 1_600


@dataclass(frozen=True, slots=True)
class Plan:
    """One rendition of a video to make, always MP4 with its index first, without metadata.

    copies: pictures and sound are kept as they are. frame_rate: None keeps it. bars: the
    picture is put in the middle of a wider or taller one. audio_kbps: 0 for no sound.
    high_range: of rules.colours, what the source has and the rendition shall not.
    """

    width_px: int
    height_px: int
    duration_ms: int
    max_bytes: int
    video_kbps: int
    audio_kbps: int
    frame_rate: float | None = None
    source_rate: float = 30.0
    copies: bool = False
    bars: bool = False
    mime_type: str = MP4
    high_range: str = ""

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, the form kept in the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Plan":
        """Read what `to_json` wrote."""
        return cls(**stored)

    @property
    def need(self) -> str:
        """Return the name under which the file is kept: equal needs share one file."""
        if self.copies:
            return "mp4-copy"
        rate = f"-{self.frame_rate:g}fps" if self.frame_rate else ""
        bars = "-bars" if self.bars else ""
        colours = "-sdr" if self.high_range else ""
        size = f"{self.width_px}x{self.height_px}"
        return f"mp4-{size}{rate}-{self.video_kbps}+{self.audio_kbps}k{bars}{colours}"

    def with_fewer_bits(self, share: float) -> "Plan":
        """Return the plan with `share` of its bits for pictures; a copy becomes an encoding."""
        kbps = self.video_kbps or self.max_bytes * 8 // max(self.duration_ms, 1)
        return replace(
            self,
            copies=False,
            video_kbps=max(1, int(kbps * share)),
            audio_kbps=self.audio_kbps or POOR_SOUND_KBPS,
            width_px=_even(self.width_px),
            height_px=_even(self.height_px),
        )

    def arguments(self) -> list[str]:
        """Return what ffmpeg is told, between its source and its target."""
        kept = [
            *("-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn"),
            *("-map_metadata", "-1", "-map_chapters", "-1"),
            *("-moov_size", str(self._index_bytes())),
        ]
        if self.copies:
            return [*kept, "-c", "copy"]
        return [*kept, *self._pictures(), *self._sound()]

    def _pictures(self) -> list[str]:
        size = f"{self.width_px}:{self.height_px}"
        filters = [f"scale={size}"]
        if self.bars:
            filters = [
                f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2",
                f"pad={size}:(ow-iw)/2:(oh-ih)/2",
            ]
        filters += [f"fps={self.frame_rate:g}"] if self.frame_rate else []
        filters += [*to_standard(self.high_range), "setsar=1", "format=yuv420p"]
        return [
            *("-vf", ",".join(filters), "-c:v", "libx264", "-preset", "veryfast"),
            *("-profile:v", "high", "-crf", "22", "-maxrate", f"{self.video_kbps}k"),
            *("-bufsize", f"{2 * self.video_kbps}k"),
        ]

    def _sound(self) -> list[str]:
        if not self.audio_kbps:
            return ["-an"]
        return ["-c:a", "aac", "-ac", "2", "-ar", "48000", "-b:a", f"{self.audio_kbps}k"]

    def _index_bytes(self) -> int:
        """Return the room the index may need, so that it can stand first in one go."""
        seconds = self.duration_ms / 1000 + 1
        pictures = seconds * min(max(self.frame_rate or self.source_rate, SLOWEST_RATE), 240)
        return RESERVED_BYTES + math.ceil(
            pictures * RESERVED_PER_PICTURE + seconds * RESERVED_PER_SECOND
        )


# What a browser plays on our own pages. Making it decodes every picture, so it is the check, too.
WATCHED = VideoRules(
    max_count=1,
    max_bytes=2_000_000_000,
    mime_types=(MP4,),
    video_codecs=(H264,),
    audio_codecs=(AAC,),
    max_alt_chars=0,
    max_side_px=1280,
    max_frame_rate=30.0,
)


def plan_to_watch(asset: AssetFacts) -> Plan:
    """Return the rendition for our own pages: all of it decoded and made anew."""
    fitted = fit_video(replace(asset, video_codec=""), WATCHED)
    if fitted.plan is None:
        raise ValueError(f"a video that cannot be watched: {fitted.stands_in_the_way}")
    return fitted.plan


@dataclass(frozen=True, slots=True)
class VideoFit:
    """What has to be done to a video before a platform takes it.

    plan: None when nothing we can do makes it fit; `stands_in_the_way` says what:
    "too_long", "too_short" or "too_heavy". changes: what a viewer may notice, of
    "bars", "smaller", "slower", "lighter" (fewer bits), "colours" and "re_encoded".
    """

    plan: Plan | None
    stands_in_the_way: str = ""
    changes: tuple[str, ...] = ()


def fit_video(asset: AssetFacts, rules: VideoRules) -> VideoFit:
    """Return how the video `asset` is sent to a platform with `rules`."""
    duration_ms = asset.duration_ms or 0
    if rules.max_duration_ms is not None and duration_ms > rules.max_duration_ms:
        return VideoFit(None, "too_long")
    if duration_ms < rules.min_duration_ms:
        return VideoFit(None, "too_short")
    width, height, bars = _shape(asset, rules)
    rate = _rate(asset, rules)
    kbps = _bit_rates(asset, rules, width=width, height=height, rate=rate)
    if kbps is None:
        return VideoFit(None, "too_heavy")
    video_kbps, audio_kbps, poor = kbps
    smaller = not bars and (width, height) != (_even(asset.width_px), _even(asset.height_px))
    copies = not bars and not smaller and rate is None and _as_it_is(asset, rules)
    plan = Plan(
        width_px=asset.width_px if copies else width,
        height_px=asset.height_px if copies else height,
        duration_ms=duration_ms,
        max_bytes=rules.max_bytes,
        video_kbps=0 if copies else video_kbps,
        audio_kbps=0 if copies else audio_kbps,
        frame_rate=rate,
        source_rate=asset.frame_rate or SLOWEST_RATE,
        copies=copies,
        bars=bars,
        high_range=asset.high_range,
    )
    told = (
        ("bars", bars),
        ("smaller", smaller),
        ("slower", rate is not None),
        ("lighter", poor),
        ("colours", bool(asset.high_range)),
    )
    changes = tuple(name for name, holds in told if holds and not copies)
    return VideoFit(plan, changes=changes or (() if copies else ("re_encoded",)))


def _as_it_is(asset: AssetFacts, rules: VideoRules) -> bool:
    return (
        asset.video_codec == H264
        and H264 in rules.video_codecs
        and asset.pixel_format in PLAIN_COLOURS
        and not asset.high_range
        and asset.audio_codec in {"", *rules.audio_codecs}
        and asset.audio_codec in {"", AAC}
        and asset.size_bytes <= rules.max_bytes
    )


def _shape(asset: AssetFacts, rules: VideoRules) -> tuple[int, int, bool]:
    """Return the sides to send, even as H.264 wants them, and whether bars are added."""
    width, height = asset.width_px, asset.height_px
    ratio, bars = width / max(height, 1), False
    if rules.max_ratio is not None and ratio > rules.max_ratio:
        height, bars = math.ceil(width / rules.max_ratio), True
    elif rules.min_ratio is not None and ratio < rules.min_ratio:
        width, bars = math.ceil(height * rules.min_ratio), True
    width, height = within_pixels(width, height, rules.max_pixels)
    if rules.max_side_px is not None:
        width, height = within_box(width, height, rules.max_side_px)
    return _even(width), _even(height), bars


def _even(side: int) -> int:
    return max(2, side - side % 2)


def _rate(asset: AssetFacts, rules: VideoRules) -> float | None:
    """Return the frame rate to come down to; None when it may stay."""
    most = min(rules.max_frame_rate or FASTEST, FASTEST)
    rate = asset.frame_rate or 0.0
    if rate <= most + 0.01:
        return None
    # Half the rate shows every second picture, which moves more evenly than 25 of 60.
    return rate / 2 if 0.8 * most <= rate / 2 <= most else most


def _bit_rates(
    asset: AssetFacts, rules: VideoRules, *, width: int, height: int, rate: float | None
) -> tuple[int, int, bool] | None:
    """Return the bit rates of pictures and sound, and whether one sees that they are few.

    None when the limit leaves too little for a picture.
    """
    wished = width * height * (rate or asset.frame_rate or 30.0) * BITS_PER_PIXEL / 1000
    wished = min(max(wished, LEAST_VIDEO_KBPS * 4), MOST_VIDEO_KBPS)
    room = rules.max_bytes * USED_OF_LIMIT * 8 / max(asset.duration_ms or 1, 1)
    sound = SOUND_KBPS if asset.audio_codec else 0
    if sound and room < wished / 2 + sound:
        sound = POOR_SOUND_KBPS
    video = min(wished, room - sound)
    if video < LEAST_VIDEO_KBPS:
        return None
    return int(video), sound, video < wished / 2
