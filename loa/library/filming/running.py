"""Run ffmpeg confined, and read how far it is."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from loa.kernel.errors import LoaError

MEMORY_BYTES = 3_000_000_000
PIECE_BYTES = 65_536
MOST_WORDS = 200_000
AT_ONCE = 2
MOST_PIXELS = 36_000_000
_places = threading.BoundedSemaphore(AT_ONCE)


class CannotFilm(LoaError):
    """The video is broken, is not what it says, or asked for more than a video needs."""


class Stopped(LoaError):
    """Somebody asked to stop before it was done."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most one step may take. file_bytes: of the file it writes."""

    cpu_s: int
    timeout_s: float
    file_bytes: int = 0
    most_output_bytes: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step wrote to its standard output, and what it said."""

    output: bytes
    said: str


@cache
def ffmpeg() -> str:
    """Return the path of the ffmpeg that came with Loa."""
    import imageio_ffmpeg  # noqa: PLC0415 (loaded only where a video is at hand)

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run(
    arguments: Sequence[str],
    *,
    source: BinaryIO,
    bounds: Bounds,
    target: BinaryIO | None = None,
    on_line: Callable[[bytes], None] | None = None,
) -> Ran:
    """Run ffmpeg on `source`; CannotFilm when it fails or runs out of its bounds.

    on_line: called with each line of its standard output, which is then not kept; what it
    raises stops the child and is raised here.
    """
    limits = {
        "memory_bytes": MEMORY_BYTES,
        "cpu_s": bounds.cpu_s,
        "file_bytes": max(bounds.file_bytes, MOST_WORDS),
        "parent": os.getpid(),
    }
    command = [sys.executable, "-I", "-m", "loa.library.filming.child", json.dumps(limits)]
    common = ["-hide_banner", "-nostdin", "-nostats"]
    with _places, _own_place_in(source) as stdin, tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 (our own interpreter and module, no shell)
            [*command, ffmpeg(), *common, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=said,
            pass_fds=() if target is None else (target.fileno(),),
            env={},
        )
        timer = threading.Timer(bounds.timeout_s, child.kill)
        timer.start()
        try:
            output = _read(child, bounds=bounds, on_line=on_line)
            code = child.wait()
        finally:
            timer.cancel()
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
        said.seek(0)
        words = said.read(MOST_WORDS).decode(errors="replace")
    if code != 0:
        reason = words.strip().rpartition("\n")[2]
        raise CannotFilm(f"ffmpeg ended with {code}: {reason[:200]}")
    return Ran(output, words)


@contextmanager
def _own_place_in(source: BinaryIO) -> Iterator[int]:
    """Give the child the file from its start, with a place of its own in it.

    A place that is shared would move under what Python holds in its buffer.
    """
    try:
        handle = os.open(f"/proc/self/fd/{source.fileno()}", os.O_RDONLY)
    except FileNotFoundError:  # not Linux
        handle = os.dup(source.fileno())
        os.lseek(handle, 0, os.SEEK_SET)
    try:
        yield handle
    finally:
        os.close(handle)


def _read(
    child: subprocess.Popen[bytes], *, bounds: Bounds, on_line: Callable[[bytes], None] | None
) -> bytes:
    if child.stdout is None:
        raise RuntimeError("the child has no standard output")
    if on_line is not None:
        for line in child.stdout:
            on_line(line)
        return b""
    output = bytearray()
    while piece := child.stdout.read(PIECE_BYTES):
        output += piece
        if len(output) > bounds.most_output_bytes:
            child.kill()
            raise CannotFilm("more output than the step may give")
    return bytes(output)


def reading(demuxer: str) -> list[str]:
    """Return the arguments that open the source: one reader, and nothing but the source."""
    return [
        *("-protocol_whitelist", "fd"),
        *("-max_pixels", str(MOST_PIXELS)),
        *("-max_streams", "32"),
        *("-f", demuxer),
        *("-fd", "0"),
        *("-i", "fd:"),
    ]
