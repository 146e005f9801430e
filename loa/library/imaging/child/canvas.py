"""A decoded picture, whoever decoded it."""

MOST_PIXELS = 64_000_000


class Canvas:
    """A decoded picture: upright, in sRGB, without metadata."""

    def __init__(self, width: int, height: int, *, is_transparent: bool = False) -> None:
        self.width, self.height, self.is_transparent = width, height, is_transparent

    @property
    def longest(self) -> int:
        """The longer side."""
        return max(self.width, self.height)

    def resized(self, width: int, height: int) -> "Canvas":
        """Return it in exactly this size."""
        raise NotImplementedError

    def cropped(self, left: int, top: int, width: int, height: int) -> "Canvas":
        """Return a part of it."""
        raise NotImplementedError

    def on_white(self) -> "Canvas":
        """Return it without transparency, as it would look on paper."""
        return self

    def written(self, mime_type: str, quality: int) -> bytes:
        """Encode it."""
        raise NotImplementedError


def refuse_huge(width: int, height: int) -> None:
    """Stop at a picture that would unfold to more than one needs."""
    if width * height > MOST_PIXELS:
        raise SystemExit("more pixels than a picture needs")
