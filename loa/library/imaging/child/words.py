"""What the parent tells this process, and what it is told: plain words on a line."""

from .canvas import Canvas


class Order:
    """What loa.library.imaging.Order asks for, from the words it was told in."""

    def __init__(self, words: str) -> None:
        kind, *numbers, crop = words.split(" ")
        longest, width, height, most, quality, moving = map(int, numbers)
        self.mime_type, self.quality, self.keep_animation = kind, quality, bool(moving)
        self.longest_px, self.max_bytes = longest or None, most or None
        self.size = (width, height) if width and height else None
        self.crop = tuple(map(int, crop.split(","))) if crop else None


class Made:
    """One picture as it is handed to the parent."""

    def __init__(
        self, content: bytes, mime_type: str, canvas: Canvas, *, is_animated: bool = False
    ) -> None:
        self.content = content
        sides = f"{canvas.width} {canvas.height}"
        told = f"{canvas.is_transparent:d} {is_animated:d}"
        self.facts = f"{mime_type} {sides} {told} {len(content)}"
