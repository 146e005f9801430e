"""Everything but photographs: PNG, GIF, WebP and AVIF, by Pillow."""

import copy
import sys
from collections.abc import Iterator
from io import BytesIO

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from .canvas import MOST_PIXELS, Canvas, refuse_huge
from .moving import moving_picture, refuse_endless
from .still import Still, encoded
from .words import Made, Order

FORMATS = {
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
NAMES = {mime_type: name for name, mime_type in FORMATS.items()}
# Shrinking by more than this, a cheaper filter looks the same.
MUCH_SMALLER = 1.5
# What may be needed once nothing can be imported any more; the rest of Pillow stays out.
READY = (
    copy,
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
SRGB = ImageCms.createProfile("sRGB")


def get_ready() -> None:
    """Load what decodes and encodes."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def draw(orders: list[Order]) -> Iterator[Made]:
    """Yield what is ordered of the file on standard input."""
    content = sys.stdin.buffer.read()
    source = opened(content)
    refuse_huge(source.width, source.height)
    moving = getattr(source, "is_animated", False) and source.format == "GIF"
    if moving and any(order.keep_animation for order in orders):
        refuse_endless(opened(content))
    still = None
    for order in orders:
        if moving and order.keep_animation:
            yield moving_picture(opened(content))
            continue
        still = still or Still(Drawing(upright(source)))
        yield encoded(still, order, own_type(still.whole, source.format or ""))


class Drawing(Canvas):
    """A decoded picture, perhaps with transparency."""

    def __init__(self, image: Image.Image) -> None:
        super().__init__(*image.size, is_transparent=image.mode == "RGBA")
        self.image = image

    def resized(self, width: int, height: int) -> "Drawing":
        """Resize with the best filter, or one that looks the same."""
        much = self.width > MUCH_SMALLER * width
        how = Image.Resampling.HAMMING if much else Image.Resampling.LANCZOS
        return Drawing(self.image.resize((width, height), how))

    def cropped(self, left: int, top: int, width: int, height: int) -> "Drawing":
        """Return a part of it."""
        return Drawing(self.image.crop((left, top, left + width, top + height)))

    def on_white(self) -> "Drawing":
        """Return it without transparency, as it would look on paper."""
        if not self.is_transparent:
            return self
        paper = Image.new("RGB", self.image.size, (255, 255, 255))
        paper.paste(self.image, mask=self.image.getchannel("A"))
        return Drawing(paper)

    def written(self, mime_type: str, quality: int) -> bytes:
        """Encode it."""
        out = BytesIO()
        match mime_type:
            case "image/jpeg":
                self.image.save(out, "JPEG", quality=quality)
            case "image/webp":
                self.image.save(out, "WEBP", quality=quality, method=1)
            case _:
                self.image.save(out, NAMES[mime_type], optimize=True)
        return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """Return the picture, not decoded yet."""
    return Image.open(BytesIO(content), formats=tuple(FORMATS))


def upright(source: Image.Image) -> Image.Image:
    """Decode the first image, turn it as the camera was held, in sRGB, free of metadata."""
    profile = source.info.get("icc_profile")
    image = ImageOps.exif_transpose(source)
    has_alpha = image.has_transparency_data
    if profile and image.mode in {"RGB", "RGBA"}:
        image = in_srgb(image, profile)
    if image.mode.startswith("I;16"):
        image = image.convert("I").point([value >> 8 for value in range(65_536)], "L")
    mode = "RGBA" if has_alpha else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    if has_alpha and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info.clear()
    return image


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB, because the profile is not kept; a broken profile is ignored."""
    try:
        converted = ImageCms.profileToProfile(image, BytesIO(profile), SRGB, outputMode=image.mode)
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def own_type(canvas: Canvas, kind: str) -> str:
    """Return the type in which an original is kept: its own, or the nearest everybody reads."""
    if kind in {"PNG", "WEBP"}:
        return FORMATS[kind]
    return "image/png" if canvas.is_transparent or kind == "GIF" else "image/jpeg"
