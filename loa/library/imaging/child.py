"""The process in which pictures are decoded. Started by loa.library.imaging, once per file.

Imports only the standard library and Pillow, and closes every door before it reads the file.
"""

import copy
import json
import os
import resource
import sys
from io import BytesIO
from typing import Any

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
NAMES = {mime_type: name for name, mime_type in FORMATS.items()}
MEMORY_BYTES = 1_500_000_000
CPU_S = 25
MOST_PIXELS = 64_000_000
MOST_FRAMES = 600
MOST_MOVING_PIXELS = 100_000_000
LEAST_QUALITY = 40
SMALLER = 0.85
# Shrinking by more than this, a cheaper filter looks the same.
MUCH_SMALLER = 1.5
# What may be needed once nothing can be imported any more; the rest of Pillow stays out.
READY = (
    copy,
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
SRGB = ImageCms.createProfile("sRGB")


def main() -> None:
    """Read a picture from standard input, write what the last argument orders to its output."""
    orders = json.loads(sys.argv[-1])
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    close_the_doors()
    content = sys.stdin.buffer.read()
    source = opened(content)
    if source.width * source.height > MOST_PIXELS:
        raise SystemExit("more pixels than a picture needs")
    moving = getattr(source, "is_animated", False) and source.format == "GIF"
    if moving and any(order["keep_animation"] for order in orders):
        refuse_endless(opened(content))
    still = None
    for order in orders:
        if moving and order["keep_animation"]:
            put(*moving_picture(opened(content)), animated=True)
            continue
        still = still or Still(upright(source, orders))
        put(*encoded(still, order, source.format or ""), animated=False)


def opened(content: bytes) -> Image.Image:
    """Return the picture, not decoded yet."""
    return Image.open(BytesIO(content), formats=tuple(FORMATS))


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


def upright(source: Image.Image, orders: list[dict[str, Any]]) -> Image.Image:
    """Decode the first image, turn it as the camera was held, in sRGB, free of metadata."""
    boxes = [order["longest_px"] for order in orders]
    if source.format == "JPEG" and all(boxes):
        source.draft("RGB", (max(boxes), max(boxes)))  # decodes at half size or less if it can
    profile = source.info.get("icc_profile")
    image = source
    if source.format == "JPEG":  # a copy would cost as much as decoding
        ImageOps.exif_transpose(image, in_place=True)
    else:
        image = ImageOps.exif_transpose(source)
    has_alpha = image.has_transparency_data
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        image = in_srgb(image, profile)
    if image.mode.startswith("I;16"):
        image = image.convert("I").point([value >> 8 for value in range(65_536)], "L")
    mode = "RGBA" if has_alpha else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    if has_alpha and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info.clear()
    return image


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB, because the profile is not kept; a broken profile is ignored."""
    target = "RGB" if image.mode == "CMYK" else image.mode
    if target == "L":
        return image
    try:
        converted = ImageCms.profileToProfile(image, BytesIO(profile), SRGB, outputMode=target)
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


class Still:
    """A decoded picture and what was made of it: each size comes from the next larger one."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self._made = [image]

    def sized(self, order: dict[str, Any]) -> Image.Image:
        """Return the picture in the ordered size."""
        if order["crop"] or not order["longest_px"]:
            return sized(cut(self.image, order), order)
        enough = [one for one in self._made if max(one.size) >= order["longest_px"]]
        image = sized(min(enough or [self.image], key=lambda one: max(one.size)), order)
        self._made.append(image)
        return image


def encoded(still: Still, order: dict[str, Any], kind: str) -> tuple[bytes, str, Image.Image]:
    """Return the picture as `order` wants it, and as it was encoded."""
    mime_type = order["mime_type"] or own_type(still.image, kind)
    image = still.sized(order)
    if mime_type == "image/jpeg":
        image = on_white(image)
    most, quality = order["max_bytes"], order["quality"]
    while True:
        content = written(image, mime_type, quality)
        if most is None or len(content) <= most:
            return content, mime_type, image
        if quality > LEAST_QUALITY and mime_type != "image/png":
            quality -= 10
        elif min(image.size) > 1:
            smaller = (max(1, int(side * SMALLER)) for side in image.size)
            image = image.resize((next(smaller), next(smaller)), Image.Resampling.LANCZOS)
        else:
            raise SystemExit("no picture fits into so few bytes")


def own_type(image: Image.Image, kind: str) -> str:
    """Return the type in which an original is kept: its own, or the nearest everybody reads."""
    if kind in {"JPEG", "PNG", "WEBP"}:
        return FORMATS[kind]
    return "image/png" if image.mode == "RGBA" or kind == "GIF" else "image/jpeg"


def cut(image: Image.Image, order: dict[str, Any]) -> Image.Image:
    """Return what of `image` shall stay."""
    if not order["crop"]:
        return image
    left, top, width, height = order["crop"]
    return image.crop((left, top, left + width, top + height))


def sized(image: Image.Image, order: dict[str, Any]) -> Image.Image:
    """Return `image` in the ordered size; never larger than it is."""
    if order["width_px"] and order["height_px"]:
        size = (order["width_px"], order["height_px"])
    else:
        scale = min(1.0, (order["longest_px"] or max(image.size)) / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if size == image.size:
        return image
    much = image.width > MUCH_SMALLER * size[0]
    return image.resize(size, Image.Resampling.HAMMING if much else Image.Resampling.LANCZOS)


def on_white(image: Image.Image) -> Image.Image:
    """Return `image` without transparency, as it would look on paper."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, (255, 255, 255))
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def written(image: Image.Image, mime_type: str, quality: int) -> bytes:
    """Encode `image`."""
    out = BytesIO()
    match mime_type:
        case "image/jpeg":
            image.save(out, "JPEG", quality=quality)
        case "image/webp":
            image.save(out, "WEBP", quality=quality, method=1)
        case _:
            image.save(out, NAMES[mime_type], optimize=True)
    return out.getvalue()


def refuse_endless(source: Image.Image) -> None:
    """Stop at a moving picture that would keep us busy for ever."""
    frames = getattr(source, "n_frames", 1)
    if frames > MOST_FRAMES or frames * source.width * source.height > MOST_MOVING_PIXELS:
        raise SystemExit("a moving picture with more frames than we take")


def moving_picture(source: Image.Image) -> tuple[bytes, str, Image.Image]:
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
    return out.getvalue(), "image/gif", frames[0]


def put(content: bytes, mime_type: str, image: Image.Image, *, animated: bool) -> None:
    """Hand one picture to the parent: a line of facts, then its bytes."""
    facts = {
        "mime_type": mime_type,
        "width_px": image.width,
        "height_px": image.height,
        "is_transparent": image.mode == "RGBA",
        "is_animated": animated,
        "size_bytes": len(content),
    }
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
