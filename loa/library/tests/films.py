"""Small videos for tests, made by the ffmpeg that comes with Loa, and ways to spoil them."""

import struct
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from loa.library.filming import ffmpeg

SHORT_S = 2


@cache
def a_film(
    *,
    ending: str = "mp4",
    size: str = "320x180",
    rate: int = 25,
    seconds: float = SHORT_S,
    sound: bool = True,
    turned: int = 0,
    codec: str = "",
) -> bytes:
    """Return a video of colour bars, with a tone unless `sound` is False."""
    bars = f"testsrc=size={size}:rate={rate}:duration={seconds}"
    inputs = ["-f", "lavfi", "-i", bars]
    if sound:
        inputs += ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{ending}"
        _run([*inputs, "-pix_fmt", "yuv420p", *(["-c:v", codec] if codec else []), str(path)])
        if turned:
            turned_path = path.with_name(f"turned.{ending}")
            _run(
                ["-display_rotation", str(turned), "-i", str(path), "-c", "copy", str(turned_path)]
            )
            path = turned_path
        return path.read_bytes()


def _run(arguments: list[str]) -> None:
    command = [ffmpeg(), "-loglevel", "error", "-y", *arguments]
    subprocess.run(command, check=True, timeout=60)


def with_said_size(film: bytes, width: int, height: int) -> bytes:
    """Return an MP4 whose index claims another size than its pictures have."""
    at = film.index(b"avc1", film.index(b"stsd"))
    return film[: at + 28] + struct.pack(">HH", width, height) + film[at + 32 :]


def with_said_duration(film: bytes, factor: int) -> bytes:
    """Return a WebM or Matroska whose header claims another duration."""
    at = film.index(b"\x44\x89\x88") + 3
    (said,) = struct.unpack(">d", film[at : at + 8])
    return film[:at] + struct.pack(">d", said * factor) + film[at + 8 :]


def with_noise(film: bytes) -> bytes:
    """Return an MP4 whose index is right and whose pictures are not."""
    at = film.index(b"mdat") + 4
    end = at + struct.unpack(">I", film[at - 8 : at - 4])[0] - 8
    return film[:at] + bytes((one * 151 + 7) % 256 for one in range(end - at)) + film[end:]


def with_broken_end(film: bytes, *, whole: float = 0.25) -> bytes:
    """Return an MP4 whose first pictures can be decoded and whose others cannot."""
    at = film.index(b"mdat") + 4
    end = at + struct.unpack(">I", film[at - 8 : at - 4])[0] - 8
    middle = at + int((end - at) * whole)
    return film[:middle] + bytes((one * 151 + 7) % 256 for one in range(end - middle)) + film[end:]


def a_bomb() -> bytes:
    """Return a WebM of a few kilobytes whose pictures claim 16383 × 16383 pixels."""
    film = a_film(ending="webm", codec="libvpx", sound=False, seconds=1)
    mark = b"\x9d\x01\x2a"
    pieces = film.split(mark)
    size = struct.pack("<HH", 16383, 16383)
    return mark.join([pieces[0], *(size + piece[4:] for piece in pieces[1:])])
