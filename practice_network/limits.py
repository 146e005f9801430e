"""What the network accepts, by the kind of account."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from practice_network.json_values import Json

VIDEO_MIME_TYPES = ("video/mp4",)
MIME_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class Kind(StrEnum):
    """What the posts of an account begin with."""

    WORDS = "words"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes and counts; characters are graphemes, as a reader sees them.

    images_min_count: what a post that answers nobody must show, pictures or a video.
    image_min_ratio, image_max_ratio: of width to height; None: any shape on that side.
    """

    text_max_chars: int = 500
    images_min_count: int = 0
    images_max_count: int = 4
    image_min_ratio: float | None = None
    image_max_ratio: float | None = None
    image_max_bytes: int = 8_000_000
    image_max_pixels: int = 40_000_000
    alt_max_chars: int = 1500
    videos_max_count: int = 1
    video_max_bytes: int = 40_000_000
    video_max_pixels: int = 2_073_600
    video_max_ms: int = 180_000
    video_processing_ms: int = 2_000
    listing_max_count: int = 100
    idempotency_key_lives_s: int = 3600
    rate_window_s: int = 300

    def to_json(self) -> dict[str, Json]:
        """Return every limit by its name, and the types of image and video that are taken."""
        return {
            **asdict(self),
            "text_unit": "graphemes",
            "image_mime_types": list(MIME_TYPES),
            "video_mime_types": list(VIDEO_MIME_TYPES),
        }


LIMITS = Limits()
LIMITS_OF = {
    Kind.WORDS: LIMITS,
    Kind.PICTURES: Limits(images_min_count=1, image_min_ratio=0.8, image_max_ratio=1.91),
}
