"""What a channel accepts: how long a caption may be, and which images go with it."""

from dataclasses import dataclass
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
    """Which images a platform takes, and how many on one part."""

    max_count: int
    max_bytes: int
    mime_types: tuple[str, ...]
    max_alt_chars: int
    max_pixels: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel accepts. Defaults come from the folder, live values from the platform."""

    text: TextRules
    images: ImageRules
    max_parts: int = 1

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
            },
            "max_parts": self.max_parts,
        }

    @classmethod
    def from_json(cls, stored: JSON) -> "Limits":
        """Return the limits that `to_json` wrote; KeyError or TypeError for anything else."""
        whole = cast("dict[str, Any]", stored)
        text, images = dict(whole["text"]), dict(whole["images"])
        text["unit"] = TextUnit(text["unit"])
        images["mime_types"] = tuple(images["mime_types"])
        return cls(TextRules(**text), ImageRules(**images), max_parts=whole["max_parts"])
