"""Photographs: JPEG files, decoded, shrunk and encoded by libvips."""

from . import vips
from .canvas import Canvas
from .decoding import upright
from .still import Still, encoded
from .words import Made, Order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_TYPE = "image/jpeg"
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
