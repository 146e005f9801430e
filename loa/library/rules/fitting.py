"""How a picture is made to fit what a platform takes: its type, its pixels, its bytes."""

import math
from dataclasses import dataclass, field

from loa.connectors.contract import ImageRules
from loa.library.rules.cropping import Box, cropped, shaped
from loa.library.rules.rights import Rights

JPEG, PNG, WEBP, GIF = "image/jpeg", "image/png", "image/webp", "image/gif"
WRITABLE = (JPEG, PNG, WEBP)


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """What checks need to know of an asset. duration_ms: of a video, None for a picture.

    video_state: "ready" once all of a video was decoded, "checking" before, "broken" if not.
    high_range: of rules.colours, "" for what every screen shows.
    """

    mime_type: str
    size_bytes: int
    width_px: int
    height_px: int
    alt_text: str = ""
    is_transparent: bool = False
    is_animated: bool = False
    is_replaced: bool = False
    rights: Rights = field(default_factory=Rights)
    duration_ms: int | None = None
    frame_rate: float = 0.0
    video_codec: str = ""
    pixel_format: str = ""
    high_range: str = ""
    audio_codec: str = ""
    video_state: str = ""

    @property
    def is_video(self) -> bool:
        """True when it is a video."""
        return self.duration_ms is not None


@dataclass(frozen=True, slots=True)
class Fit:
    """What has to be done to an asset before a platform takes it.

    mime_type: the type to send, None when the platform takes none that we can write.
    max_bytes: re-encode until it is at most that. crop: what of it stays, None for all.
    as_it_is: send the asset unchanged.
    """

    mime_type: str | None
    width_px: int
    height_px: int
    max_bytes: int
    crop: Box | None = None
    as_it_is: bool = False
    loses_animation: bool = False
    loses_transparency: bool = False

    @property
    def need(self) -> str:
        """Return the name under which the derived file is kept: equal needs share one file."""
        kind = (self.mime_type or "").removeprefix("image/")
        need = f"{kind}-{self.width_px}x{self.height_px}-{self.max_bytes}"
        if self.crop is None:
            return need
        return f"{need}-{self.crop.width}x{self.crop.height}+{self.crop.left}+{self.crop.top}"


def fit(asset: AssetFacts, rules: ImageRules, *, focus: tuple[float, float] = (0.0, 0.0)) -> Fit:
    """Return how `asset` is sent to a platform with `rules`. focus: what a crop leaves in view."""
    least, most = rules.min_ratio, rules.max_ratio
    crop = cropped(asset.width_px, asset.height_px, min_ratio=least, max_ratio=most, focus=focus)
    kept = (crop.width, crop.height) if crop else (asset.width_px, asset.height_px)
    # Rounding to whole pixels can push the shape over its edge again.
    width, height = within_pixels(*kept, rules.max_pixels)
    width, height = shaped(width, height, min_ratio=least, max_ratio=most)
    fits_already = (
        asset.mime_type in rules.mime_types
        and asset.size_bytes <= rules.max_bytes
        and (width, height) == (asset.width_px, asset.height_px)
    )
    mime_type = asset.mime_type if fits_already else _type_to_send(asset, rules)
    return Fit(
        mime_type=mime_type,
        width_px=width,
        height_px=height,
        max_bytes=rules.max_bytes,
        crop=crop,
        as_it_is=fits_already,
        # A moving picture is sent whole or as its first image; we do not shorten or shrink it.
        loses_animation=asset.is_animated and not fits_already,
        loses_transparency=asset.is_transparent and mime_type == JPEG,
    )


def within_pixels(width: int, height: int, max_pixels: int | None) -> tuple[int, int]:
    """Return the largest size of the same shape with at most `max_pixels` pixels (None: any)."""
    if max_pixels is None or width * height <= max_pixels:
        return width, height
    scale = math.sqrt(max_pixels / (width * height))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def within_box(width: int, height: int, longest_px: int) -> tuple[int, int]:
    """Return the largest size of the same shape whose longer side is at most `longest_px`."""
    if max(width, height) <= longest_px:
        return width, height
    scale = longest_px / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _type_to_send(asset: AssetFacts, rules: ImageRules) -> str | None:
    """Choose among the types both sides know: sharp things stay sharp, transparency is kept."""
    drawn = asset.is_transparent or asset.mime_type == GIF
    wished: tuple[str, ...] = (PNG, WEBP, JPEG) if drawn else (JPEG, WEBP, PNG)
    if asset.size_bytes > rules.max_bytes:
        # A PNG only gets smaller by losing pixels; the others give up detail nobody sees.
        wished = (WEBP, PNG, JPEG) if asset.is_transparent else (JPEG, WEBP, PNG)
    elif asset.mime_type != GIF:
        wished = (asset.mime_type, *wished)
    return next((one for one in wished if one in rules.mime_types and one in WRITABLE), None)
