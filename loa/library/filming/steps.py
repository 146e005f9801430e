"""The three things we have ffmpeg do: measure a video, take a picture out, make a rendition."""

import re
from collections.abc import Callable
from typing import BinaryIO

from loa.library.filming.running import Bounds, CannotFilm, Stopped, reading, run
from loa.library.rules.colours import high_range_of, to_standard
from loa.library.rules.film import Plan
from loa.library.rules.videos import VideoFacts

MEASURE = Bounds(cpu_s=60, timeout_s=120.0)
PICTURE = Bounds(cpu_s=30, timeout_s=60.0)
# Making one takes a few times as long as the video, and not for ever.
LEAST_S, PER_SECOND_S = 300, 20
FILE_SLACK_BYTES = 20_000_000
THREADS = "2"
# The share of pictures that may be undecodable before we call the video broken.
MOST_BROKEN = "0.1"
SIDE_MOST_PX = 1920

_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d)", re.MULTILINE)
_STREAM = re.compile(r"^  Stream #0:\d+\S*?: (Video|Audio): ([a-z0-9_]+)(.*)$", re.MULTILINE)
_SIZE = re.compile(r", (\d{1,6})x(\d{1,6})[ ,\[]")
_FORMAT = re.compile(r", ([a-z][a-z0-9]+)(?:\([^)]*\))?, \d{1,6}x\d")
_COLOURS = re.compile(r", [a-z][a-z0-9]+\(([^)]*)\), \d{1,6}x\d")
_RATE = re.compile(r", ([\d.]+k?) fps")
_ROTATION = re.compile(r"rotation of (-?\d+(?:\.\d+)?) degrees")


def measure(source: BinaryIO, *, demuxer: str) -> VideoFacts:
    """Walk through the whole file and return what is in it; CannotFilm when it cannot be read."""
    ran = run(
        [
            *reading(demuxer),
            *("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy"),
            *("-progress", "pipe:1", "-f", "null", "-"),
        ],
        source=source,
        bounds=MEASURE,
    )
    told = ran.said.partition("Stream mapping:")[0]
    progress = dict(
        line.partition("=")[::2] for line in ran.output.decode(errors="replace").splitlines()
    )
    return _facts(told, progress)


def picture_at(source: BinaryIO, *, demuxer: str, at_ms: int, high_range: str = "") -> bytes:
    """Return the picture shown at `at_ms` as PNG, upright; the nearest before the end.

    high_range: what the video was measured to have; the picture has the standard one.

    CannotFilm when there is none that can be decoded.
    """
    ran = run(
        [
            *("-loglevel", "error", "-ss", f"{at_ms / 1000:.3f}"),
            *reading(demuxer),
            *("-map", "0:v:0", "-frames:v", "1", "-threads", THREADS),
            *("-vf", ",".join([_shrunk(SIDE_MOST_PX), *to_standard(high_range)])),
            *("-c:v", "png", "-f", "image2pipe", "pipe:1"),
        ],
        source=source,
        bounds=PICTURE,
    )
    if not ran.output:
        raise CannotFilm("no picture there can be decoded")
    return ran.output


def make(
    source: BinaryIO,
    target: BinaryIO,
    *,
    demuxer: str,
    plan: Plan,
    on_progress: Callable[[int], bool],
) -> int:
    """Write the rendition that `plan` asks for into the open file `target`.

    Returns the pictures it has. on_progress: called with the milliseconds that are done;
    False stops it (Stopped).
    """
    frames = 0

    def read(line: bytes) -> None:
        nonlocal frames
        name, _, value = line.strip().partition(b"=")
        if name == b"frame" and value.isdigit():
            frames = int(value)
        if name == b"out_time_us" and not on_progress(_milliseconds(value)):
            raise Stopped

    seconds = LEAST_S + PER_SECOND_S * plan.duration_ms // 1000
    run(
        [
            *("-loglevel", "error", "-max_error_rate", MOST_BROKEN, *reading(demuxer)),
            *plan.arguments(),
            *("-threads", THREADS, "-progress", "pipe:1"),
            *("-f", "mp4", "-fd", str(target.fileno()), "fd:"),
        ],
        source=source,
        target=target,
        bounds=Bounds(
            cpu_s=2 * seconds,
            timeout_s=float(seconds),
            file_bytes=2 * plan.max_bytes + FILE_SLACK_BYTES,
        ),
        on_line=read,
    )
    return frames


def _milliseconds(value: bytes) -> int:
    return max(0, int(value) // 1000) if value.lstrip(b"-").isdigit() else 0


def _shrunk(most_px: int) -> str:
    return f"scale='min({most_px},iw)':'min({most_px},ih)':force_original_aspect_ratio=decrease"


def _facts(told: str, progress: dict[str, str]) -> VideoFacts:
    streams = {kind: (codec, rest) for kind, codec, rest in reversed(_STREAM.findall(told))}
    if "Video" not in streams:
        raise CannotFilm("there is no picture track")
    codec, rest = streams["Video"]
    size = _SIZE.search(rest + ",")
    if size is None:
        raise CannotFilm("the picture has no size")
    width, height = int(size[1]), int(size[2])
    turned = _ROTATION.search(told)
    rotation = round(float(turned[1])) % 360 if turned else 0
    if rotation in {90, 270}:
        width, height = height, width
    pixels, frames = _FORMAT.search(rest), int(progress.get("frame", "0"))
    colours = _COLOURS.search(rest)
    duration_ms = _milliseconds(progress.get("out_time_us", "0").encode())
    return VideoFacts(
        width_px=width,
        height_px=height,
        duration_ms=duration_ms,
        frame_rate=_rate(rest, frames=frames, duration_ms=duration_ms),
        video_codec=codec,
        pixel_format=pixels[1] if pixels else "",
        rotation=rotation,
        audio_codec=streams["Audio"][0] if "Audio" in streams else "",
        said_duration_ms=_said_ms(told),
        packet_count=frames,
        high_range=high_range_of(colours[1]) if colours else "",
    )


def _rate(rest: str, *, frames: int, duration_ms: int) -> float:
    told = _RATE.search(rest)
    if told:
        value = told[1]
        return float(value[:-1]) * 1000 if value.endswith("k") else float(value)
    return round(frames * 1000 / duration_ms, 3) if duration_ms else 0.0


def _said_ms(told: str) -> int | None:
    said = _DURATION.search(told)
    if said is None:
        return None
    hours, minutes, seconds, hundredths = (int(one) for one in said.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
