"""The process in which pictures are decoded. Started by loa.library.imaging, once per file.

Imports only the standard library and one decoder, and closes every door before it reads the
file. Photographs (JPEG) are libvips' work, which takes a third of the time; Pillow does the rest.
"""

import os
import resource
import sys

from .words import Made, Order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

MEMORY_BYTES = 1_500_000_000
CPU_S = 25
JPEG_MARK = b"\xff\xd8\xff"


def main() -> None:
    """Read a picture from standard input, write what the arguments order to its output."""
    orders = [Order(words) for words in sys.argv[3:]]
    hand = who_draws(os.pread(0, len(JPEG_MARK), 0))
    hand.get_ready()
    close_the_doors()
    try:
        for made in hand.draw(orders):
            put(made)
    except MemoryError:
        raise SystemExit("more memory than a picture needs") from None


def who_draws(mark: bytes) -> "ModuleType":
    """Return the module that decodes files that begin so; only that one is loaded."""
    if mark == JPEG_MARK:
        from . import photos  # noqa: PLC0415 (loading both would cost more than a thumbnail)

        return photos
    from . import drawings  # noqa: PLC0415

    return drawings


def close_the_doors() -> None:
    """Limit this process to computing on what it already holds open."""
    fd = os.dup(0)
    os.close(fd)
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_NOFILE: fd,  # nothing more can be opened: no file, no socket
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def put(made: Made) -> None:
    """Hand one picture to the parent: a line of facts, then its bytes."""
    sys.stdout.buffer.write(f"{made.facts}\n".encode() + made.content)
    sys.stdout.buffer.flush()
