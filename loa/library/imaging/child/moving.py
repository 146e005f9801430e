"""Moving pictures: every frame of a GIF, encoded anew."""

from io import BytesIO

from PIL import Image

from .canvas import Canvas
from .words import Made

MOST_FRAMES = 600
MOST_MOVING_PIXELS = 100_000_000


def refuse_endless(source: Image.Image) -> None:
    """Stop at a moving picture that would keep us busy for ever."""
    frames = getattr(source, "n_frames", 1)
    if frames > MOST_FRAMES or frames * source.width * source.height > MOST_MOVING_PIXELS:
        raise SystemExit("a moving picture with more frames than we take")


def moving_picture(source: Image.Image) -> Made:
    """Re-encode every frame of a GIF, with its timing and nothing else."""
    frames, durations = [], []
    for number in range(getattr(source, "n_frames", 1)):
        source.seek(number)
        durations.append(source.info.get("duration") or 100)
        frame = source.convert("RGBA")
        frame.info.clear()
        frames.append(frame)
    out = BytesIO()
    loop = source.info.get("loop", 0)
    frames[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=loop,
        disposal=2,
    )
    canvas = Canvas(*frames[0].size, is_transparent=True)
    return Made(out.getvalue(), "image/gif", canvas, is_animated=True)
