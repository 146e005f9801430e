"""Pictures of twelve megapixels made into three renditions each (B10): per second of CPU.

Ours is the product's own path: one confined process for each file, its start included. Beside
it, file by file in turn, the loop that a person writes first: open, turn, convert and shrink
with Pillow's best filter for each rendition, encode in the same type and quality.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO

LEAST_RATIO = 3.0
WIDTH, HEIGHT = 4000, 3000
# Type, longest side, quality: a thumbnail, a preview, a picture for a platform.
RENDITIONS = (("WEBP", 400, 80), ("WEBP", 1280, 82), ("JPEG", 2048, 85))


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when ours is not LEAST_RATIO times the loop."""
    parser = argparse.ArgumentParser(prog="loa bench renditions", description=__doc__)
    parser.add_argument("--pictures", type=int, default=30)
    options = parser.parse_args(argv)
    ours = loop = 0.0
    for content in _pictures(options.pictures):
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.flush()
            ours += _cpu_s(lambda file=file: _ours(file))  # type: ignore[misc]
        loop += _cpu_s(lambda content=content: _loop(content))  # type: ignore[misc]
    print_row = sys.stdout.write
    print_row(f"{options.pictures} JPEGs of {WIDTH} × {HEIGHT}, 3 renditions each\n")
    for name, spent_s in (("Loa, confined", ours), ("Pillow loop", loop)):
        print_row(f"{name:<16}{options.pictures / spent_s:>7.2f} pictures per CPU-second\n")
    print_row(f"{'ratio':<16}{loop / ours:>7.2f}   (target {LEAST_RATIO:g})\n")
    return int(loop / ours < LEAST_RATIO)


def _ours(file: BinaryIO) -> None:
    from loa.library import imaging  # noqa: PLC0415

    orders = [
        imaging.Order(f"image/{kind.lower()}", longest_px=side, quality=quality)
        for kind, side, quality in RENDITIONS
    ]
    # The largest first: each smaller one is made from the one before.
    imaging.make(file, orders[::-1])


def _loop(content: bytes) -> None:
    from PIL import Image, ImageOps  # noqa: PLC0415

    for kind, side, quality in RENDITIONS:
        image = ImageOps.exif_transpose(Image.open(BytesIO(content))).convert("RGB")
        scale = side / max(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        image.resize(size, Image.Resampling.LANCZOS).save(BytesIO(), kind, quality=quality)


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


def _cpu_s(work: Callable[[], None]) -> float:
    """Return the processor time that `work` takes, here and in processes it starts."""
    before = time.process_time() + _of_children()
    work()
    return time.process_time() + _of_children() - before


def _of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
