"""How a picture is cropped to a shape a platform takes: as little as possible, around its focus."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in pixels from its left and top edge."""

    left: int
    top: int
    width: int
    height: int


def shaped(
    width: int, height: int, *, min_ratio: float | None, max_ratio: float | None
) -> tuple[int, int]:
    """Return the largest size within `width` and `height` whose shape lies between the ratios."""
    if max_ratio is not None and width / height > max_ratio:
        return max(1, math.floor(height * max_ratio)), height
    if min_ratio is not None and width / height < min_ratio:
        return width, max(1, math.floor(width / min_ratio))
    return width, height


def cropped(
    width: int,
    height: int,
    *,
    min_ratio: float | None,
    max_ratio: float | None,
    focus: tuple[float, float],
) -> Box | None:
    """Return what stays of a picture; None when its shape is fine as it is.

    focus: the point that must stay visible, each axis from -1 (left, bottom) to 1 (right, top).
    It comes as near to the middle as the edges allow.
    """
    size = shaped(width, height, min_ratio=min_ratio, max_ratio=max_ratio)
    if size == (width, height):
        return None
    x, y = focus
    across = (x + 1) / 2 * width
    down = (1 - y) / 2 * height
    return Box(_start(across, size[0], width), _start(down, size[1], height), *size)


def _start(point: float, kept: int, whole: int) -> int:
    return max(0, min(whole - kept, round(point - kept / 2)))
