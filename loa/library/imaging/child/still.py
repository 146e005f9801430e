"""Sizes and bytes of what is made of one decoded picture."""

from .canvas import Canvas
from .words import Made, Order

LEAST_QUALITY = 40
SMALLER = 0.85


class Still:
    """A decoded picture and what was made of it: each size comes from the next larger one."""

    def __init__(self, whole: Canvas) -> None:
        self.whole = whole
        self._made = [whole]

    def sized(self, order: Order) -> Canvas:
        """Return the picture in the ordered size."""
        longest = order.longest_px
        if order.crop or longest is None:
            whole = self.whole.cropped(*order.crop) if order.crop else self.whole
            return sized(whole, order)
        enough = [one for one in self._made if one.longest >= longest]
        made = sized(min(enough or [self.whole], key=lambda one: one.longest), order)
        self._made.append(made)
        return made


def sized(canvas: Canvas, order: Order) -> Canvas:
    """Return the picture in the ordered size; by its longer side never larger than it is."""
    longest = order.longest_px or canvas.longest
    size = order.size or within(canvas.width, canvas.height, longest)
    return canvas if size == (canvas.width, canvas.height) else canvas.resized(*size)


def within(width: int, height: int, longest_px: int) -> tuple[int, int]:
    """Return the size of the same shape whose longer side is at most `longest_px`."""
    scale = min(1.0, longest_px / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def encoded(still: Still, order: Order, own_type: str) -> Made:
    """Return the picture as `order` wants it. own_type: what it is when no type is ordered."""
    mime_type = order.mime_type or own_type
    canvas = still.sized(order)
    if mime_type == "image/jpeg":
        canvas = canvas.on_white()
    most, quality = order.max_bytes, order.quality
    while True:
        content = canvas.written(mime_type, quality)
        if most is None or len(content) <= most:
            return Made(content, mime_type, canvas)
        if quality > LEAST_QUALITY and mime_type != "image/png":
            quality -= 10
        elif min(canvas.width, canvas.height) > 1:
            sides = (canvas.width, canvas.height)
            canvas = canvas.resized(*(max(1, int(side * SMALLER)) for side in sides))
        else:
            raise SystemExit("no picture fits into so few bytes")
