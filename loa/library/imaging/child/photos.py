"""Photographs: JPEG files, decoded, shrunk and encoded by libvips."""

from . import vips
from .canvas import Canvas, refuse_huge
from .still import Still, encoded, within
from .words import Made, Order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_TYPE = "image/jpeg"
# The decoder itself can give a half, a quarter or an eighth for less than all of it costs.
CHEAP_SHRINKS = (8, 4, 2)
CMYK_BANDS = 4
# Nothing of the source is kept. Colours as fine as Pillow keeps them, and as small.
HOW = {
    "image/jpeg": ("jpegsave_buffer", "keep=none,subsample-mode=on,Q="),
    "image/webp": ("webpsave_buffer", "keep=none,effort=1,Q="),
}
PNG = ("pngsave_buffer", "keep=none,compression=9")


def get_ready() -> None:
    """Load libvips, and tell it where the file is; it is not read yet."""
    vips.start()


def draw(orders: list[Order]) -> "Iterator[Made]":
    """Yield what is ordered of the file."""
    still = Still(Photo(upright(orders)))
    for order in orders:
        yield encoded(still, order, OWN_TYPE)


class Photo(Canvas):
    """A decoded photograph, without transparency as they all are."""

    def __init__(self, image: vips.Image) -> None:
        super().__init__(*vips.size(image))
        self.image = image

    def resized(self, width: int, height: int) -> "Photo":
        """Shrink with the best filter."""
        return Photo(vips.in_memory(vips.resized(self.image, width, height)))

    def cropped(self, left: int, top: int, width: int, height: int) -> "Photo":
        """Return a part of it."""
        place = f"left={left},top={top},width={width},height={height}"
        return Photo(vips.run("extract_area", place, image=self.image, called="input"))

    def written(self, mime_type: str, quality: int) -> bytes:
        """Encode it."""
        if mime_type not in HOW:
            return vips.save(*PNG, self.image)
        name, options = HOW[mime_type]
        return vips.save(name, f"{options}{quality}", self.image)


def upright(orders: list[Order]) -> vips.Image:
    """Decode the photograph as small as the orders allow, turned, in sRGB."""
    image = vips.load("access=sequential,fail-on=truncated")
    refuse_huge(*vips.size(image))
    boxes = [order.longest_px for order in orders if order.longest_px]
    if len(boxes) == len(orders):
        shrink = cheap_shrink(vips.size(image), max(boxes))
        if shrink > 1:
            image = vips.load(f"access=sequential,fail-on=truncated,shrink={shrink}")
        # In one go with decoding: the whole is never in memory.
        image = vips.resized(image, *within(*vips.size(image), max(boxes)))
    image = vips.in_memory(image)
    if vips.has(image, "orientation"):
        image = vips.in_memory(vips.run("autorot", image=image))
    return in_srgb(image)


def cheap_shrink(size: tuple[int, int], wanted_px: int) -> int:
    """Return by how much the decoder may shrink: what it gives is still large enough."""
    fits = (by for by in CHEAP_SHRINKS if max(size) // by >= wanted_px and min(size) >= by)
    return next(fits, 1)


def in_srgb(image: vips.Image) -> vips.Image:
    """Convert to sRGB, because the profile is not kept; a broken profile is ignored."""
    bands = vips.number(image, "bands")
    if bands == 1:
        return vips.in_memory(vips.run("colourspace", "space=srgb", image=image))
    if bands != CMYK_BANDS and not vips.has(image, "icc-profile-data"):
        return image
    fallback = "cmyk" if bands == CMYK_BANDS else "srgb"
    how = f"output-profile=srgb,embedded=true,intent=perceptual,input-profile={fallback}"
    return vips.in_memory(vips.run("icc_transform", how, image=image))
