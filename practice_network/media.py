"""Pictures and videos: uploaded first, described, and later shown with a post."""

import hashlib
import math
from dataclasses import dataclass

from practice_network import videos
from practice_network.clock import to_text
from practice_network.images import Image, recognise
from practice_network.json_values import Json
from practice_network.ledger import Caller, Event, Ledger
from practice_network.limits import LIMITS, VIDEO_MIME_TYPES, Limits
from practice_network.refusals import Refusal, wrong_field
from practice_network.store import Row, Store
from practice_network.text import count_graphemes
from practice_network.videos import Video


@dataclass(frozen=True, slots=True)
class Medium:
    """One uploaded picture or video. focus: the point to keep in view, each axis from -1 to 1."""

    id: str
    account: str
    mime_type: str
    width_px: int
    height_px: int
    size_bytes: int
    digest: str
    alt_text: str
    focus_x: float
    focus_y: float
    created_at: int
    ready_at: int

    @property
    def is_video(self) -> bool:
        """True when it plays."""
        return self.mime_type.startswith("video/")

    def to_json(self, base_url: str, *, now_ms: int) -> dict[str, Json]:
        """Return what the API says about it; a picture in processing has no address yet."""
        is_ready = now_ms >= self.ready_at
        return {
            "id": self.id,
            "state": "ready" if is_ready else "processing",
            "ready_at": to_text(self.ready_at),
            "mime_type": self.mime_type,
            "width_px": self.width_px,
            "height_px": self.height_px,
            "size_bytes": self.size_bytes,
            "digest": self.digest,
            "alt_text": self.alt_text,
            "focus": [self.focus_x, self.focus_y],
            "url": f"{base_url}/media/{self.id}" if is_ready else None,
        }


class Gallery:
    """Take and find pictures."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self.store = store
        self.ledger = ledger
        count = store.read_one("SELECT count(*) AS n FROM media")
        self._count: int = count["n"] if count else 0

    def upload(
        self,
        content: bytes,
        *,
        alt_text: str,
        focus: tuple[float, float],
        processing_ms: int,
        by: Caller,
        limits: Limits = LIMITS,
    ) -> Medium:
        """Keep a picture; Refusal when it is none, too large or tall, or described at length."""
        check_alt_text(alt_text)
        check_focus(focus)
        if not content:
            raise Refusal(422, "media.empty", "The file is empty.")
        image = recognised(content)
        check_shape(image, limits)
        if image.mime_type in VIDEO_MIME_TYPES:
            # Even where pictures are ready at once, a video takes its time.
            processing_ms += LIMITS.video_processing_ms
        self._count += 1
        medium = Medium(
            id=f"m{self._count}",
            account=by.account,
            mime_type=image.mime_type,
            width_px=image.width_px,
            height_px=image.height_px,
            size_bytes=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            alt_text=alt_text,
            focus_x=focus[0],
            focus_y=focus[1],
            created_at=by.now_ms,
            ready_at=by.now_ms + processing_ms,
        )
        self._keep(medium, content, by)
        return medium

    def describe(
        self, medium: Medium, *, alt_text: str, focus: tuple[float, float], by: Caller
    ) -> Medium:
        """Change the description and the focus of a picture."""
        check_alt_text(alt_text)
        check_focus(focus)
        with self.store.together():
            self.store.write(
                "UPDATE media SET alt_text = ?, focus_x = ?, focus_y = ? WHERE id = ?",
                alt_text,
                *focus,
                medium.id,
            )
            payload: dict[str, Json] = {"alt_text": alt_text, "focus": list(focus)}
            self.ledger.add(Event.MEDIA_DESCRIBED, medium.id, payload, by)
        return self.find(medium.id)

    def find(self, media_id: str, *, account: str | None = None) -> Medium:
        """Return a picture; Refusal when it does not exist or is not of `account`."""
        row = self.store.read_one("SELECT * FROM media WHERE id = ?", media_id)
        if row is None or account not in {None, row["account"]}:
            raise Refusal(404, "media.unknown", f"There is no media {media_id!r}.")
        return _medium(row)

    def content(self, media_id: str) -> bytes:
        """Return the bytes of a picture that exists."""
        row = self.store.read_one("SELECT content FROM media_bytes WHERE id = ?", media_id)
        return bytes(row["content"]) if row else b""

    def _keep(self, medium: Medium, content: bytes, by: Caller) -> None:
        payload: dict[str, Json] = {
            "mime_type": medium.mime_type,
            "digest": medium.digest,
            "size_bytes": medium.size_bytes,
            "alt_text": medium.alt_text,
            "focus": [medium.focus_x, medium.focus_y],
        }
        with self.store.together():
            self.store.write(
                "INSERT INTO media VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                medium.id,
                medium.account,
                medium.mime_type,
                medium.width_px,
                medium.height_px,
                medium.size_bytes,
                medium.digest,
                medium.alt_text,
                medium.focus_x,
                medium.focus_y,
                medium.created_at,
                medium.ready_at,
            )
            self.store.write("INSERT INTO media_bytes VALUES (?,?)", medium.id, content)
            self.ledger.add(Event.MEDIA_UPLOADED, medium.id, payload, by)


def recognised(content: bytes) -> Image | Video:
    """Return what an uploaded file is; Refusal when it is nothing that is taken."""
    image, video = recognise(content), videos.recognise(content)
    most = LIMITS.video_max_bytes if video else LIMITS.image_max_bytes
    if len(content) > most:
        raise too_large(most)
    if video is not None and video.duration_ms > LIMITS.video_max_ms:
        raise Refusal(422, "media.too_long", f"At most {LIMITS.video_max_ms} ms.")
    found = video or image
    if found is None:
        raise Refusal(415, "media.unsupported", "Only JPEG, PNG, WebP, GIF and MP4 are taken.")
    pixels = LIMITS.video_max_pixels if video else LIMITS.image_max_pixels
    if found.width_px * found.height_px > pixels:
        raise Refusal(422, "media.too_many_pixels", f"At most {pixels} px.")
    return found


def check_shape(image: Image | Video, limits: Limits) -> None:
    """Refuse a picture that is too tall or too wide. A video may have any shape."""
    ratio = image.width_px / image.height_px
    least, most = limits.image_min_ratio or 0.0, limits.image_max_ratio or math.inf
    if image.mime_type not in VIDEO_MIME_TYPES and not least <= ratio <= most:
        allowed = f"{limits.image_min_ratio} to {limits.image_max_ratio}"
        raise Refusal(
            422,
            "media.wrong_shape",
            f"{image.width_px} x {image.height_px} px; width to height must be {allowed}.",
        )


def too_large(most: int = LIMITS.video_max_bytes) -> Refusal:
    """Return the answer for a file over the limit."""
    return Refusal(413, "media.too_large", f"At most {most} bytes.")


def check_alt_text(alt_text: str) -> None:
    """Refuse a description that is too long."""
    if count_graphemes(alt_text) > LIMITS.alt_max_chars:
        raise Refusal(422, "media.alt_too_long", f"At most {LIMITS.alt_max_chars} characters.")


def check_focus(focus: tuple[float, float]) -> None:
    """Refuse a focal point outside the picture."""
    if not all(-1.0 <= axis <= 1.0 for axis in focus):
        raise wrong_field("focus", "each axis lies between -1 and 1")


def _medium(row: Row) -> Medium:
    return Medium(**dict(row))
