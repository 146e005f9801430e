"""The few calls of libvips that photographs need, on the module its wheel comes with.

pyvips would ask libvips for the signature of every call, and cost as much as two thumbnails.
"""

from _libvips import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# An image of libvips: a promise of pixels, until in_memory has them computed.
type Image = Any
type Pointer = Any
_source: list[Pointer] = []


def start() -> None:
    """Load libvips: one thread, nothing kept between calls, and no decoder but that of JPEG."""
    if lib.vips_init(b"loa"):
        raise SystemExit("libvips does not start")
    lib.vips_concurrency_set(1)
    lib.vips_cache_set_max(0)
    lib.vips_operation_block_set(b"VipsForeignLoad", 1)
    lib.vips_operation_block_set(b"VipsForeignLoadJpegSource", 0)
    _source.append(_owned(lib.vips_source_new_from_descriptor(0)))


def load(options: str) -> Image:
    """Return the picture on standard input."""
    return _image(_built("jpegload_source", options, "source", b"VipsSource", _source[0]))


def run(name: str, options: str = "", *, image: Image, called: str = "in") -> Image:
    """Return what the operation `name` promises to make of `image`, which it calls `called`."""
    return _image(_built(name, options, called, b"VipsImage", image))


def resized(image: Image, width: int, height: int) -> Image:
    """Promise the picture in this size, by the best filter."""
    now = size(image)
    if now == (width, height):
        return image
    scales = f"scale={width / now[0]:.12f},vscale={height / now[1]:.12f}"
    return run("resize", scales, image=image)


def save(name: str, options: str, image: Image) -> bytes:
    """Return the file that the operation `name` writes."""
    built = _built(name, options, "in", b"VipsImage", image)
    value, count = _got(built, "buffer", b"VipsBlob"), ffi.new("size_t*")
    content = bytes(ffi.buffer(lib.vips_value_get_blob(value, count), count[0]))
    _let_go(built, value)
    return content


def in_memory(image: Image) -> Image:
    """Compute the pixels, once."""
    return _owned(lib.vips_image_copy_memory(image))


def size(image: Image) -> tuple[int, int]:
    """Return width and height."""
    return number(image, "width"), number(image, "height")


def number(image: Image, name: str) -> int:
    """Return a fact of the image."""
    value = ffi.new("GValue*")
    if lib.vips_image_get(image, name.encode(), value):
        raise _failure()
    found: int = lib.g_value_get_int(value)
    lib.g_value_unset(value)
    return found


def has(image: Image, name: str) -> bool:
    """Say whether the file brought a field of this name."""
    return bool(lib.vips_image_get_typeof(image, name.encode()))


def _built(name: str, options: str, given: str, kind: bytes, what: Pointer) -> Pointer:
    operation = lib.vips_operation_new(name.encode())
    if operation == ffi.NULL:
        raise _failure()
    value = ffi.new("GValue*")
    lib.g_value_init(value, lib.g_type_from_name(kind))
    lib.g_value_set_object(value, what)
    lib.g_object_set_property(ffi.cast("GObject*", operation), given.encode(), value)
    lib.g_value_unset(value)
    whole = ffi.cast("VipsObject*", operation)
    if options and lib.vips_object_set_from_string(whole, options.encode()):
        raise _failure()
    built = lib.vips_cache_operation_build(operation)
    lib.g_object_unref(ffi.cast("GObject*", operation))
    if built == ffi.NULL:
        raise _failure()
    return built


def _image(built: Pointer) -> Image:
    value = _got(built, "out", b"VipsImage")
    image = ffi.cast("VipsImage*", lib.g_value_get_object(value))
    lib.g_object_ref(ffi.cast("GObject*", image))
    _let_go(built, value)
    return _owned(image)


def _got(built: Pointer, name: str, kind: bytes) -> Pointer:
    value = ffi.new("GValue*")
    lib.g_value_init(value, lib.g_type_from_name(kind))
    lib.g_object_get_property(ffi.cast("GObject*", built), name.encode(), value)
    return value


def _let_go(built: Pointer, value: Pointer) -> None:
    lib.g_value_unset(value)
    lib.vips_object_unref_outputs(ffi.cast("VipsObject*", built))
    lib.g_object_unref(ffi.cast("GObject*", built))


def _owned(pointer: Pointer) -> Pointer:
    """Give the pointer to Python: what nobody holds any more is freed."""
    if pointer == ffi.NULL:
        raise _failure()
    return ffi.gc(pointer, lambda one: lib.g_object_unref(ffi.cast("GObject*", one)))


def _failure() -> SystemExit:
    words = ffi.string(lib.vips_error_buffer()).decode(errors="replace")
    return SystemExit(words.strip() or "the picture cannot be decoded")
