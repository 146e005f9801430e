"""What a channel accepts: how long a caption may be, which images and videos go with it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, cast

from loa.kernel.json import JSON


class TextUnit(StrEnum):
    """How a platform counts a caption."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    UTF16 = "utf16"


@dataclass(frozen=True, slots=True)
class TextRules:
    """How long a caption may be, counted the platform's way (connectors/counting.py).

    link_cost: what each link costs whatever its length; None: its own length.
    mention_counts_local_part: @ana@town.example costs as much as @ana.
    max_bytes: a second limit in UTF-8 bytes; None: no such limit.
    """

    max_chars: int
    unit: TextUnit
    max_bytes: int | None = None
    link_cost: int | None = None
    mention_counts_local_part: bool = False


@dataclass(frozen=True, slots=True)
class ImageRules:
    """Which images a platform takes, and how many on one part.

    min_ratio, max_ratio: of width to height; None: any shape on that side. min_count: what
    the first part must show, pictures or a video.
    """

    max_count: int
    max_bytes: int
    mime_types: tuple[str, ...]
    max_alt_chars: int
    max_pixels: int | None = None
    min_ratio: float | None = None
    max_ratio: float | None = None
    min_count: int = 0


@dataclass(frozen=True, slots=True)
class VideoRules:
    """Which videos a platform takes, and how many on one part; never beside images.

    max_pixels: of one picture. ratios: width to height. codecs: as ffmpeg names them.
    max_captions: how many languages of captions (WebVTT) go along. takes_cover: it shows a
    picture of ours before the video is played. None: no such limit.
    """

    max_count: int
    max_bytes: int
    mime_types: tuple[str, ...]
    video_codecs: tuple[str, ...]
    audio_codecs: tuple[str, ...]
    max_alt_chars: int
    min_duration_ms: int = 0
    max_duration_ms: int | None = None
    max_pixels: int | None = None
    max_side_px: int | None = None
    max_frame_rate: float | None = None
    min_ratio: float | None = None
    max_ratio: float | None = None
    takes_cover: bool = False
    max_captions: int = 0
    max_captions_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel accepts. Defaults come from the folder, live values from the platform.

    video: None where no videos are taken.
    """

    text: TextRules
    images: ImageRules
    max_parts: int = 1
    video: VideoRules | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, to be stored on the channel and handed to the browser."""
        return {
            "text": {
                "max_chars": self.text.max_chars,
                "unit": str(self.text.unit),
                "max_bytes": self.text.max_bytes,
                "link_cost": self.text.link_cost,
                "mention_counts_local_part": self.text.mention_counts_local_part,
            },
            "images": {
                "max_count": self.images.max_count,
                "max_bytes": self.images.max_bytes,
                "mime_types": list(self.images.mime_types),
                "max_alt_chars": self.images.max_alt_chars,
                "max_pixels": self.images.max_pixels,
                "min_ratio": self.images.min_ratio,
                "max_ratio": self.images.max_ratio,
                "min_count": self.images.min_count,
            },
            "max_parts": self.max_parts,
            "video": None if self.video is None else _plain(self.video),
        }

    @classmethod
    def from_json(cls, stored: JSON) -> "Limits":
        """Return the limits that `to_json` wrote; KeyError or TypeError for anything else."""
        whole = cast("dict[str, Any]", stored)
        text, images = dict(whole["text"]), dict(whole["images"])
        text["unit"] = TextUnit(text["unit"])
        images["mime_types"] = tuple(images["mime_types"])
        video = _video_rules(whole.get("video"))
        return cls(
            TextRules(**text), ImageRules(**images), max_parts=whole["max_parts"], video=video
        )

    @staticmethod
    def tells_video(stored: JSON) -> bool:
        """Say whether stored limits speak of videos at all; older ones do not."""
        return isinstance(stored, dict) and "video" in stored


def _plain(rules: VideoRules) -> dict[str, JSON]:
    plain = asdict(rules)
    return {name: list(one) if isinstance(one, tuple) else one for name, one in plain.items()}


def _video_rules(stored: Any) -> VideoRules | None:
    if stored is None:
        return None
    fields: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in stored.items()
    }
    return VideoRules(**fields)
