"""The picture shown before a video plays: a moment of it, or a picture of its own."""

import tempfile
from typing import BinaryIO

from django.db import transaction

from loa.kernel.errors import LoaError
from loa.library import filming, imaging, storage
from loa.library.models import Asset, Rendition
from loa.library.queries.files import PREVIEW, THUMB, keep_rendition
from loa.library.queries.films import COVER
from loa.library.rules.headers import read_header
from loa.library.rules.videos import READERS
from loa.ops import live

COVER_ORDER = imaging.Order("image/jpeg", longest_px=1920, max_bytes=900_000, quality=88)
SMALL = (
    imaging.Order("image/webp", longest_px=400, quality=80),
    imaging.Order("image/webp", longest_px=1280, quality=82),
)
MOST_PIXELS = 64_000_000


class NoSuchMoment(LoaError):
    """The video has no picture at that time."""


def keep_cover(asset: Asset, picture: bytes) -> Rendition:
    """Keep an encoded picture as the cover of a video, and show it wherever the video is listed.

    rules.headers.NotAPicture or imaging.CannotDecode when it is none; the old one stays then.
    """
    with tempfile.TemporaryFile() as file:
        file.write(picture)
        file.flush()
        cover, thumb, preview = imaging.make(file, [COVER_ORDER, *SMALL])
    with transaction.atomic():
        keep_rendition(asset, need=THUMB, picture=thumb)
        keep_rendition(asset, need=PREVIEW, picture=preview)
        kept = keep_rendition(asset, need=COVER, picture=cover)
        live.announce(workspace_id=asset.workspace_id, topic="asset", subject_id=asset.pk)
    return kept


def take_cover(asset: Asset, *, at_ms: int) -> None:
    """Make the picture at `at_ms` the cover. NoSuchMoment outside the video."""
    if not 0 <= at_ms <= asset.film.duration_ms:
        raise NoSuchMoment(f"{at_ms} ms of {asset.film.duration_ms}")
    try:
        with storage.on_disk(asset.storage_key) as source:
            picture = filming.picture_at(
                source,
                demuxer=READERS[asset.mime_type],
                at_ms=at_ms,
                high_range=asset.film.high_range,
            )
    except filming.CannotFilm:
        raise NoSuchMoment(f"no picture at {at_ms} ms") from None
    keep_cover(asset, picture)
    asset.film.cover_ms = at_ms
    asset.film.save(update_fields=["cover_ms"])


def upload_cover(asset: Asset, picture: BinaryIO) -> None:
    """Make a picture that was sent the cover. Raises as `keep_cover`, or NotAPicture."""
    header = read_header(picture)
    if header.width_px * header.height_px > MOST_PIXELS:
        raise imaging.CannotDecode("more pixels than a cover needs")
    picture.seek(0)
    keep_cover(asset, picture.read())
    asset.film.cover_ms = None
    asset.film.save(update_fields=["cover_ms"])
