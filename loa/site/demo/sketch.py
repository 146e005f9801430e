"""A sheet to draw flat shapes on, in units of which a picture is 1200 wide, whatever its pixels."""

import io
import math
import random
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

WIDTH = 1200
FINER = 2  # drawn this much larger, then shrunk: that is what makes the edges smooth

type Point = tuple[float, float]
type Box = tuple[float, float, float, float]


class Sheet:
    """One picture in the making. Boxes are left, top, right, bottom; angles in degrees."""

    def __init__(self, ground: str, *, height: int = WIDTH) -> None:
        self.height = height
        self._image = Image.new("RGB", (WIDTH * FINER, height * FINER), ground)
        self._draw = ImageDraw.Draw(self._image)
        # The same picture every time: the library knows a file again by its content.
        self.chance = random.Random(height)  # noqa: S311 - it scatters beans

    def box(self, box: Box, colour: str, *, round_by: float = 0) -> None:
        """Fill a box."""
        self._draw.rounded_rectangle(_finer(box), round_by * FINER, fill=colour)

    def oval(self, box: Box, colour: str) -> None:
        """Fill the oval inside a box."""
        self._draw.ellipse(_finer(box), fill=colour)

    def disc(self, middle: Point, radius: float, colour: str) -> None:
        """Fill a circle."""
        x, y = middle
        self.oval((x - radius, y - radius, x + radius, y + radius), colour)

    def shape(self, points: Sequence[Point], colour: str) -> None:
        """Fill what the points enclose."""
        self._draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: str, *, width: float = 8) -> None:
        """Draw a line with round joints and ends."""
        finer = [(x * FINER, y * FINER) for x, y in points]
        self._draw.line(finer, fill=colour, width=round(width * FINER), joint="curve")
        for end in (points[0], points[-1]):
            self.disc(end, width / 2, colour)

    def wave(self, start: Point, length: float, colour: str, *, width: float = 8) -> None:
        """Draw a gentle wave to the right."""
        x, y = start
        steps = [one / 24 for one in range(25)]
        points = [(x + length * one, y + 9 * math.sin(one * math.tau)) for one in steps]
        self.line(points, colour, width=width)

    def steam(self, x: float, y: float, colour: str, *, height: float = 170) -> None:
        """Draw a wisp of steam that rises from a point."""
        steps = [one / 30 for one in range(31)]
        points = [(x + 22 * math.sin(one * math.tau), y - height * one) for one in steps]
        self.line(points, colour, width=13)

    def pie(self, box: Box, start: float, end: float, colour: str) -> None:
        """Fill a slice of an oval, clockwise from `start` (0 is to the right)."""
        self._draw.pieslice(_finer(box), start, end, fill=colour)

    def arc(self, box: Box, start: float, end: float, colour: str, *, width: float = 8) -> None:
        """Draw a piece of an oval's rim."""
        self._draw.arc(_finer(box), start, end, fill=colour, width=round(width * FINER))

    def bean(self, middle: Point, size: float, angle: float, colours: Sequence[str]) -> None:
        """Draw a coffee bean; colours: of its back and of its cleft."""
        self.shape(_oval(middle, size, size * 0.66, angle), colours[0])
        cleft = [
            _turned(middle, (size * along, size * 0.16 * math.sin(along * 3.3)), angle)
            for along in (-0.82, -0.5, -0.2, 0.0, 0.2, 0.5, 0.82)
        ]
        self.line(cleft, colours[1], width=size * 0.13)

    def leaf(self, start: Point, length: float, angle: float, colour: str) -> None:
        """Draw a leaf that points to `angle`."""
        along = [one / 12 for one in range(13)]
        side = [(length * one, length * 0.22 * math.sin(one * math.pi)) for one in along]
        rim = side + [(x, -y) for x, y in reversed(side)]
        self.shape([_turned(start, one, angle) for one in rim], colour)

    def flower(
        self, middle: Point, size: float, petal: str, heart: str, *, petals: int = 5
    ) -> None:
        """Draw a flower seen from above."""
        for number in range(petals):
            at = _turned(middle, (size * 0.6, 0), 360 / petals * number - 90)
            self.disc(at, size * 0.46, petal)
        self.disc(middle, size * 0.3, heart)

    def scattered(self, count: int, box: Box, *, apart: float) -> Iterable[Point]:
        """Return points inside a box that are not too near each other."""
        points: list[Point] = []
        for _ in range(count * 30):
            point = (self.chance.uniform(box[0], box[2]), self.chance.uniform(box[1], box[3]))
            if all(math.dist(point, other) > apart for other in points):
                points.append(point)
            if len(points) == count:
                break
        return points

    def encoded(self) -> bytes:
        """Return the finished picture as PNG."""
        out = io.BytesIO()
        self._image.reduce(FINER).save(out, "PNG", compress_level=4)
        return out.getvalue()


def _finer(box: Box) -> Box:
    left, top, right, bottom = box
    return (left * FINER, top * FINER, right * FINER, bottom * FINER)


def _turned(middle: Point, away: Point, angle: float) -> Point:
    turn = math.radians(angle)
    x, y = away
    return (
        middle[0] + x * math.cos(turn) - y * math.sin(turn),
        middle[1] + x * math.sin(turn) + y * math.cos(turn),
    )


def _oval(middle: Point, width: float, height: float, angle: float) -> list[Point]:
    turns = (math.tau * one / 48 for one in range(48))
    rim = ((width * math.cos(one), height * math.sin(one)) for one in turns)
    return [_turned(middle, one, angle) for one in rim]
