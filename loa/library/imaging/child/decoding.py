"""Decode a photograph: as small as will do, upright, in sRGB."""

from . import vips
from .canvas import refuse_huge
from .still import within
from .words import Order

# The decoder itself can give a half, a quarter or an eighth for less than all of it costs.
CHEAP_SHRINKS = (8, 4, 2)
CMYK_BANDS = 4


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
