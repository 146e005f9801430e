"""Decode and encode pictures in a short-lived process that can do nothing else.

The child (child/) gets the file as its standard input, limits itself (memory, CPU time,
open files) and gives pictures back on its standard output. A decoder that is fooled takes
nothing with it.
"""

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import PIL

from loa.kernel.errors import LoaError

TIMEOUT_S = 30.0
# Neither site nor this package is imported by the child: that would cost more than a thumbnail.
_START = "import sys; sys.path += sys.argv[1:3]; import child; child.main()"
_PATHS = (str(Path(__file__).parent), str(Path(PIL.__file__).parents[1]))
# Memory that one step gives back, the next one takes: asking the kernel each time costs more.
_ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000000",
}
AT_ONCE = 2
_places = threading.BoundedSemaphore(AT_ONCE)


class CannotDecode(LoaError):
    """The picture is broken, or asked for more than a picture needs."""


@dataclass(frozen=True, slots=True)
class Order:
    """One picture to make. mime_type "": the same as the source, where we write that type.

    longest_px: shrink to a box of this size; width_px, height_px: an exact size. At most one.
    crop: left, top, width and height of what stays, in the upright picture.
    max_bytes: lower quality, then size, until it fits; None: any. quality: to start with.
    """

    mime_type: str = ""
    longest_px: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    max_bytes: int | None = None
    quality: int = 90
    keep_animation: bool = False
    crop: tuple[int, int, int, int] | None = None

    def words(self) -> str:
        """Return it as the child reads it."""
        numbers = (self.longest_px, self.width_px, self.height_px, self.max_bytes, self.quality)
        crop = ",".join(map(str, self.crop or ()))
        told = " ".join(str(number or 0) for number in numbers)
        return f"{self.mime_type} {told} {self.keep_animation:d} {crop}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made by the child: upright, in sRGB, without any metadata."""

    content: bytes
    mime_type: str
    width_px: int
    height_px: int
    is_transparent: bool
    is_animated: bool


def make(source: BinaryIO, orders: Sequence[Order]) -> tuple[Picture, ...]:
    """Return the pictures of `orders`, in order, from the file `source` (a real file).

    CannotDecode when the child fails, runs out of its limits or of time.
    """
    source.seek(0)
    command = [sys.executable, "-I", "-S", "-c", _START, *_PATHS]
    with _places:
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter and module, no shell)
                [*command, *(order.words() for order in orders)],
                stdin=source,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
                env=_ENVIRONMENT,
            )
        except subprocess.TimeoutExpired:
            raise CannotDecode("the picture took too long to decode") from None
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise CannotDecode(reason[:200] or f"the decoder ended with {done.returncode}")
    return _unpack(done.stdout)


def _unpack(answer: bytes) -> tuple[Picture, ...]:
    """Read the child's answer: a line of facts before each picture's bytes."""
    pictures = []
    while answer:
        line, _, rest = answer.partition(b"\n")
        mime_type, *facts = line.decode().split(" ")
        width, height, is_transparent, is_animated, size = map(int, facts)
        pictures.append(
            Picture(
                content=rest[:size],
                mime_type=mime_type,
                width_px=width,
                height_px=height,
                is_transparent=bool(is_transparent),
                is_animated=bool(is_animated),
            )
        )
        answer = rest[size:]
    return tuple(pictures)
