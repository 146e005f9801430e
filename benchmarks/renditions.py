"""Pictures of twelve megapixels made into three renditions each (B10): per second of CPU.

Ours is the product's own path: one confined process for each file, its start included. Beside
it, file by file in turn, the loop that a person writes first: open, turn, convert and shrink
with Pillow's best filter for each rendition, encode in the same type and quality. How far the
pictures of both are from the best filter's, before it is encoded, is told beside their bytes.
"""

import argparse
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from PIL import Image

LEAST_RATIO = 3.0
WIDTH, HEIGHT = 4000, 3000
# Type, longest side, quality: a thumbnail, a preview, a picture for a platform.
RENDITIONS = (("WEBP", 400, 80), ("WEBP", 1280, 82), ("JPEG", 2048, 85))


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when ours is not LEAST_RATIO times the loop."""
    parser = argparse.ArgumentParser(prog="loa bench renditions", description=__doc__)
    parser.add_argument("--pictures", type=int, default=30)
    options = parser.parse_args(argv)
    ours, loop = Way("Loa, confined", _ours), Way("Pillow loop", _loop)
    for content in _pictures(options.pictures):
        ours.take(content)
        loop.take(content)
    say = sys.stdout.write
    say(f"{options.pictures} JPEGs of {WIDTH} × {HEIGHT}, 3 renditions each\n")
    say(f"{'':<16}{'a CPU-second':>14}{'kB each':>10}{'PSNR, dB':>10}\n")
    for way in (ours, loop):
        say(way.row(options.pictures))
    ratio = loop.spent_s / ours.spent_s
    say(f"{'ratio':<16}{ratio:>14.2f}   (target {LEAST_RATIO:g})\n")
    return int(ratio < LEAST_RATIO)


class Way:
    """One way to make the three, and what it took and gave."""

    def __init__(self, name: str, make: Callable[[BinaryIO], list[bytes]]) -> None:
        self.name, self.make = name, make
        self.spent_s, self.size_bytes = 0.0, 0
        self.likeness_db: list[float] = []

    def take(self, content: bytes) -> None:
        """Make the renditions of one picture."""
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.flush()
            before = _cpu_s()
            made = self.make(file)
            self.spent_s += _cpu_s() - before
        self.size_bytes += sum(map(len, made))
        if not self.likeness_db:  # of the first: it costs more than making them
            self.likeness_db = _likeness_db(content, made)

    def row(self, pictures: int) -> str:
        """Return the line of the table."""
        rate, size = pictures / self.spent_s, self.size_bytes / pictures / 1000
        likeness = " ".join(f"{one:.1f}" for one in self.likeness_db)
        return f"{self.name:<16}{rate:>14.2f}{size:>10.0f}   {likeness}\n"


def _ours(file: BinaryIO) -> list[bytes]:
    from loa.library import imaging  # noqa: PLC0415

    orders = [
        imaging.Order(f"image/{kind.lower()}", longest_px=side, quality=quality)
        for kind, side, quality in RENDITIONS
    ]
    # The largest first: each smaller one is made from the one before.
    return [one.content for one in imaging.make(file, orders[::-1])][::-1]


def _loop(file: BinaryIO) -> list[bytes]:
    made = []
    for kind, side, quality in RENDITIONS:
        out = BytesIO()
        _best(file, side).save(out, kind, quality=quality)
        made.append(out.getvalue())
    return made


def _best(file: BinaryIO, side: int) -> "Image.Image":
    from PIL import Image, ImageOps  # noqa: PLC0415

    file.seek(0)
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    scale = side / max(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def _likeness_db(content: bytes, made: Sequence[bytes]) -> list[float]:
    """Return, for each rendition, its peak signal-to-noise ratio to the best filter's picture."""
    from PIL import Image, ImageChops, ImageStat  # noqa: PLC0415

    found = []
    for (_, side, _), one in zip(RENDITIONS, made, strict=True):
        picture = Image.open(BytesIO(one)).convert("RGB")
        far = ImageStat.Stat(ImageChops.difference(picture, _best(BytesIO(content), side)))
        found.append(20 * math.log10(255 / math.sqrt(sum(one**2 for one in far.rms) / 3)))
    return found


def _pictures(count: int) -> Iterator[bytes]:
    """Yield photographs of nothing: soft shapes with grain, no two alike."""
    from PIL import Image  # noqa: PLC0415

    for _ in range(count):
        soft = [
            Image.effect_noise((WIDTH // 8, HEIGHT // 8), 60).resize((WIDTH, HEIGHT))
            for _ in range(3)
        ]
        grain = Image.effect_noise((WIDTH, HEIGHT), 12)
        image = Image.merge("RGB", [Image.blend(one, grain, 0.3) for one in soft])
        out = BytesIO()
        image.save(out, "JPEG", quality=90)
        yield out.getvalue()


def _cpu_s() -> float:
    """Return the processor time spent so far, here and in processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + spent.ru_utime + spent.ru_stime
