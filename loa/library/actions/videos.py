"""Take a video into the library: measured, its first picture decoded, the file kept as it is."""

from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction

from loa.kernel.errors import LoaError
from loa.library import filming, storage
from loa.library.actions.covers import keep_cover
from loa.library.actions.describing import clean_alt_text, restore_asset
from loa.library.actions.finding import search_text
from loa.library.actions.names import clean_name
from loa.library.actions.orders import order_rendition
from loa.library.models import Asset, Film
from loa.library.queries.films import WATCH
from loa.library.rules.film import plan_to_watch
from loa.library.rules.videos import READERS, VideoFacts, refusal_of, said_size
from loa.ops import clock
from loa.workspace.models import Member

# Most films begin black; a moment later something is to be seen.
COVER_AT_MS = 1000


class NotAVideo(LoaError):
    """The file has the container of a video and is none we take.

    reason: "broken", "huge", "endless", "nothing", "lying_duration" or "lying_size".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a video we take: {reason}")
        self.reason = reason


class VideoTooLarge(LoaError):
    """The video has more bytes than one may have."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"{size_bytes} bytes")
        self.size_bytes = size_bytes
        self.most_bytes: int = settings.VIDEO_MAX_BYTES


def keep_video(
    file: BinaryIO, *, mime_type: str, filename: str, by: Member, alt_text: str = ""
) -> Asset:
    """Take the video in `file`, a real file, into the library; the same again is what we have.

    mime_type: its container, from rules.videos.container_of. VideoTooLarge or NotAVideo when
    it is not taken; nothing is kept then. What only decoding all of it tells is found out by
    the rendition to watch, which is ordered here: the film is "checking" until then.
    """
    sha256 = checked_video(file)
    known = Asset.objects.in_workspace(by.workspace).filter(sha256=sha256).first()
    if known and storage.exists(known.storage_key):
        return restore_asset(known)
    asset, seen = video_row(file, sha256=sha256, mime_type=mime_type, filename=filename, by=by)
    asset.alt_text = clean_alt_text(alt_text)
    asset.search_text = search_text(asset)
    return _kept(asset, seen)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured of a video, and a picture of it."""

    facts: VideoFacts
    picture: bytes


def checked_video(file: BinaryIO) -> str:
    """Return the hash of a video's file; VideoTooLarge when it is too much."""
    size_bytes = file.seek(0, 2)
    if size_bytes > settings.VIDEO_MAX_BYTES:
        raise VideoTooLarge(size_bytes)
    return storage.digest(file)


def video_row(
    file: BinaryIO, *, sha256: str, mime_type: str, filename: str, by: Member
) -> tuple[Asset, Seen]:
    """Measure a video and keep its file; return its row, not saved yet. NotAVideo."""
    seen = _looked_at(file, mime_type=mime_type)
    key = storage.keep_file(file, workspace_id=by.workspace_id, mime_type=mime_type)
    asset = Asset(
        workspace=by.workspace,
        sha256=sha256,
        filename=clean_name(filename, mime_type),
        mime_type=mime_type,
        size_bytes=file.seek(0, 2),
        width_px=seen.facts.width_px,
        height_px=seen.facts.height_px,
        storage_key=key,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    return asset, seen


def _looked_at(file: BinaryIO, *, mime_type: str) -> Seen:
    """Measure a video and decode a picture of it; NotAVideo when it is not what it says."""
    demuxer = READERS[mime_type]
    try:
        facts = filming.measure(file, demuxer=demuxer)
        size = said_size(file) if demuxer == "mov" else None
        reason = refusal_of(facts, said_size=size)
        if reason:
            raise NotAVideo(reason)
        at_ms = cover_moment(facts.duration_ms)
        picture = filming.picture_at(
            file, demuxer=demuxer, at_ms=at_ms, high_range=facts.high_range
        )
    except filming.CannotFilm:
        raise NotAVideo("broken") from None
    return Seen(facts, picture)


def cover_moment(duration_ms: int) -> int:
    """Return where the first cover is taken from."""
    return min(COVER_AT_MS, duration_ms // 2)


def keep_film(asset: Asset, seen: Seen) -> Film:
    """Keep what was measured of a saved video, with its cover, and order its copy to watch."""
    film = Film.objects.create(
        workspace_id=asset.workspace_id,
        asset=asset,
        duration_ms=seen.facts.duration_ms,
        frame_rate=seen.facts.frame_rate,
        video_codec=seen.facts.video_codec,
        pixel_format=seen.facts.pixel_format,
        high_range=seen.facts.high_range,
        audio_codec=seen.facts.audio_codec,
        packet_count=seen.facts.packet_count,
        state=Film.State.CHECKING,
        cover_ms=cover_moment(seen.facts.duration_ms),
    )
    keep_cover(asset, seen.picture)
    order_rendition(asset, plan_to_watch(asset.facts), need=WATCH)
    return film


def _kept(asset: Asset, seen: Seen) -> Asset:
    try:
        with transaction.atomic():
            asset.save()
            film = keep_film(asset, seen)
    except IntegrityError:  # sent twice at once, or its file was lost and has come back
        key, again = asset.storage_key, Asset.objects.in_workspace(asset.workspace)
        asset = again.select_related("film").get(sha256=asset.sha256)
        asset.storage_key, asset.archived_at = key, None
        asset.save(update_fields=["storage_key", "archived_at"])
    else:
        asset.film = film
    return asset
