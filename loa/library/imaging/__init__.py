"""Decode and encode pictures in a short-lived process that can do nothing else.

The child (child.py) gets the file as its standard input, limits itself (memory, CPU time,
open files) and gives pictures back on its standard output. A decoder that is fooled takes
nothing with it.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import PIL

from loa.kernel.errors import LoaError

TIMEOUT_S = 30.0
# Neither site nor this package is imported by the child: that would cost more than a thumbnail.
_START = "import sys; sys.path += sys.argv[1:3]; import child; child.main()"
_PATHS = (str(Path(__file__).parent), str(Path(PIL.__file__).parents[1]))
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
                [*command, json.dumps([asdict(order) for order in orders])],
                stdin=source,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired:
            raise CannotDecode("the picture took too long to decode") from None
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise CannotDecode(reason[:200] or f"the decoder ended with {done.returncode}")
    return _unpack(done.stdout)


def _unpack(answer: bytes) -> tuple[Picture, ...]:
    """Read the child's answer: a line of JSON facts before each picture's bytes."""
    pictures = []
    while answer:
        line, _, rest = answer.partition(b"\n")
        facts = json.loads(line)
        size = facts.pop("size_bytes")
        pictures.append(Picture(content=rest[:size], **facts))
        answer = rest[size:]
    return tuple(pictures)
