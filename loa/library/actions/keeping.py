"""Take an upload into the library."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction

from loa.kernel.errors import LoaError
from loa.library import imaging, storage
from loa.library.actions.describing import clean_alt_text, restore_asset
from loa.library.actions.finding import search_text
from loa.library.actions.names import clean_name
from loa.library.actions.videos import VideoTooLarge, keep_video
from loa.library.models import Asset
from loa.library.queries import PREVIEW, THUMB, keep_rendition
from loa.library.rules.headers import read_header
from loa.library.rules.videos import container_of
from loa.ops import clock
from loa.workspace.models import Member

MOST_PIXELS = 64_000_000
LONGEST_PX = 4096
THUMB_PX = 400
PREVIEW_PX = 1280
COPY_BYTES = 1_000_000

ORIGINAL = imaging.Order(longest_px=LONGEST_PX, quality=92, keep_animation=True)
SMALL = (
    imaging.Order("image/webp", longest_px=THUMB_PX, quality=80),
    imaging.Order("image/webp", longest_px=PREVIEW_PX, quality=82),
)


class TooLarge(LoaError):
    """The file has more bytes than an upload may have."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"{size_bytes} bytes")
        self.size_bytes = size_bytes
        self.most_bytes: int = settings.UPLOAD_MAX_BYTES


class TooManyPixels(LoaError):
    """The picture would unfold to more pixels than we decode."""

    def __init__(self, width_px: int, height_px: int) -> None:
        super().__init__(f"{width_px}×{height_px}")
        self.width_px, self.height_px = width_px, height_px


def keep_upload(upload: BinaryIO, *, filename: str, by: Member, alt_text: str = "") -> Asset:
    """Take a picture or a video into the library; the same file again is the asset we have.

    What is kept of a picture was decoded and encoded anew: upright, at most LONGEST_PX wide or
    high, in sRGB, without metadata. TooLarge, TooManyPixels, rules.headers.NotAPicture or
    imaging.CannotDecode when it is not taken, for videos what actions.videos raises; nothing
    is kept then.
    """
    with as_file(upload) as file:
        mime_type = container_of(file)
        if mime_type is not None:
            return keep_video(
                file, mime_type=mime_type, filename=filename, by=by, alt_text=alt_text
            )
        sha256 = checked(file)
        known = Asset.objects.in_workspace(by.workspace).filter(sha256=sha256).first()
        if known and storage.exists(known.storage_key):
            return restore_asset(known)
        original, thumb, preview = imaging.make(file, [ORIGINAL, *SMALL])
    asset = row_of(original, sha256=sha256, filename=filename, by=by)
    asset.alt_text = clean_alt_text(alt_text)
    asset.search_text = search_text(asset)
    with transaction.atomic():
        asset = _kept_once(asset)
        keep_rendition(asset, need=THUMB, picture=thumb)
        keep_rendition(asset, need=PREVIEW, picture=preview)
    return asset


@contextmanager
def as_file(upload: BinaryIO) -> Iterator[BinaryIO]:
    """Give what was sent as a real file, for the children that decode it.

    What the web server wrote to disk already is used as it is; nothing is held in memory.
    """
    inner = getattr(upload, "file", upload)
    if _is_real(inner):
        yield inner
        return
    with tempfile.TemporaryFile() as file:
        _copy(upload, file)
        yield file


def _is_real(file: BinaryIO) -> bool:
    try:
        return file.fileno() >= 0
    except (OSError, AttributeError):  # in memory
        return False


def checked(file: BinaryIO) -> str:
    """Return the hash of a picture's file; refuse what is too much or no picture."""
    if file.seek(0, 2) > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(file.tell())
    header = read_header(file)
    if header.width_px * header.height_px > MOST_PIXELS:
        raise TooManyPixels(header.width_px, header.height_px)
    return storage.digest(file)


def _copy(upload: BinaryIO, file: BinaryIO) -> None:
    """Copy what was sent into a real file, and stop where it is too much for its kind."""
    upload.seek(0)
    size, most = 0, 0
    too_large: type[TooLarge | VideoTooLarge] = TooLarge
    while chunk := upload.read(COPY_BYTES):
        if not size:
            is_video = container_of(BytesIO(chunk)) is not None
            most = settings.VIDEO_MAX_BYTES if is_video else settings.UPLOAD_MAX_BYTES
            too_large = VideoTooLarge if is_video else TooLarge
        size += len(chunk)
        if size > most:
            raise too_large(size)
        file.write(chunk)
    file.flush()


def row_of(original: imaging.Picture, *, sha256: str, filename: str, by: Member) -> Asset:
    """Keep the file of a decoded upload, and return its row, not saved yet."""
    key = storage.keep(original.content, workspace_id=by.workspace_id, mime_type=original.mime_type)
    return Asset(
        workspace=by.workspace,
        sha256=sha256,
        filename=clean_name(filename, original.mime_type),
        mime_type=original.mime_type,
        size_bytes=len(original.content),
        width_px=original.width_px,
        height_px=original.height_px,
        is_transparent=original.is_transparent,
        is_animated=original.is_animated,
        storage_key=key,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )


def _kept_once(asset: Asset) -> Asset:
    try:
        with transaction.atomic():
            asset.save()
    except IntegrityError:  # sent twice at once, or its file was lost and has come back
        key = asset.storage_key
        asset = Asset.objects.in_workspace(asset.workspace).get(sha256=asset.sha256)
        asset.storage_key, asset.archived_at = key, None
        asset.save(update_fields=["storage_key", "archived_at"])
    return asset
