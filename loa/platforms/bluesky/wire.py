"""Our types to AT Protocol records and back. Pure.

Source: bluesky-social/atproto lexicons of 2026-08-20 (app.bsky.feed.post,
app.bsky.embed.images, app.bsky.embed.video, app.bsky.embed.external, com.atproto.repo).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from loa.connectors.contract import (
    ImageRules,
    Limits,
    Media,
    MetricValue,
    OutgoingPart,
    Published,
    TextRules,
    TextUnit,
    VideoRules,
)
from loa.connectors.reading import Unreadable, at, count, rows, text, text_or
from loa.kernel.json import JSON
from loa.kernel.text import normalise
from loa.platforms.bluesky.facets import facets_of

PLATFORM = "bluesky"
COLLECTION = "app.bsky.feed.post"
EMBED_VIDEO = "app.bsky.embed.video"
THUMB_MAX_BYTES = 1_000_000

LIMITS = Limits(
    text=TextRules(max_chars=300, unit=TextUnit.GRAPHEMES, max_bytes=3000),
    images=ImageRules(
        max_count=4,
        max_bytes=2_000_000,
        mime_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        max_alt_chars=2000,
    ),
    max_parts=100,
    video=VideoRules(
        max_count=1,
        max_bytes=300_000_000,
        mime_types=("video/mp4",),
        video_codecs=("h264",),
        audio_codecs=("aac",),
        max_alt_chars=2000,
        max_duration_ms=180_000,
        max_captions=20,
        max_captions_bytes=20_000,
    ),
)

_METRICS = (
    ("likes", "likeCount"),
    ("replies", "replyCount"),
    ("reposts", "repostCount"),
    ("quotes", "quoteCount"),
    ("bookmarks", "bookmarkCount"),
)
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]{1,2000}(?<![:%])")
_CID = re.compile(r"[a-zA-Z0-9+=/]{8,256}")


def did(body: JSON, *path: str) -> str:
    """Return a DID: the name of an account that never changes."""
    found = text(body, *path)
    if not _DID.fullmatch(found):
        raise Unreadable(f"no DID at {'.'.join(path)}")
    return found


def pds_of(document: JSON) -> str:
    """Return the address of the server that an account's document names; empty if none."""
    try:
        services = rows(document, "service")
    except Unreadable:
        return ""
    for service in services:
        is_pds = text_or(service, "id").endswith("#atproto_pds")
        if is_pds and text_or(service, "type") == "AtprotoPersonalDataServer":
            return text_or(service, "serviceEndpoint").rstrip("/")
    return ""


def names(document: JSON, handle: str) -> bool:
    """Say whether an account's document claims `handle`: the way back from DID to handle."""
    try:
        return f"at://{handle.lower()}" in {
            str(one).lower() for one in rows(document, "alsoKnownAs")
        }
    except Unreadable:
        return False


def to_blob(body: JSON) -> JSON:
    """Read the reference to uploaded bytes; it is put into the record as it came."""
    blob = at(body, "blob")
    if text_or(blob, "$type") != "blob":
        raise Unreadable("no blob")
    cid(blob, "ref", "$link")
    text(blob, "mimeType")
    count(blob, "size")
    return blob


def cid(body: JSON, *path: str) -> str:
    """Return a content identifier."""
    found = text(body, *path)
    if not _CID.fullmatch(found):
        raise Unreadable(f"no CID at {'.'.join(path)}")
    return found


def to_readings(body: JSON) -> tuple[MetricValue, ...]:
    """Read the public counts of one post; a count that is not told is left out."""
    found: list[MetricValue] = []
    for metric, name in _METRICS:
        try:
            found.append(MetricValue(metric, count(body, name)))
        except Unreadable:
            continue
    return tuple(found)


def address(repo: str, rkey: str) -> str:
    """Return the at:// address of a post."""
    return f"at://{repo}/{COLLECTION}/{rkey}"


def rkey_of(external_id: str) -> str:
    """Return the last step of an at:// address."""
    return external_id.rpartition("/")[2]


def published(repo: str, rkey: str, content_id: str, created_at: datetime | None) -> Published:
    """Return the proof that a record is live. The web address holds for a changed handle too."""
    return Published(
        external_id=address(repo, rkey),
        url=f"https://bsky.app/profile/{repo}/post/{rkey}",
        facts={"cid": content_id},
        published_at=created_at,
    )


def image(blob: JSON, media: Media) -> JSON:
    """Return one image of an embed, with its alternative text and its shape."""
    shown: dict[str, JSON] = {"image": blob, "alt": normalise(media.alt_text)}
    if media.width_px and media.height_px:
        shown["aspectRatio"] = {"width": media.width_px, "height": media.height_px}
    return shown


def video(blob: JSON, media: Media, captions: list[JSON]) -> JSON:
    """Return the embed of a video, with its alternative text, its shape and its captions."""
    shown: dict[str, JSON] = {"$type": EMBED_VIDEO, "video": blob}
    if media.alt_text:
        shown["alt"] = normalise(media.alt_text)
    if media.width_px and media.height_px:
        shown["aspectRatio"] = {"width": media.width_px, "height": media.height_px}
    if captions:
        shown["captions"] = captions
    return shown


def to_record(part: OutgoingPart, dids: Mapping[str, str], reply: JSON) -> dict[str, JSON]:
    """Return the record of a post. It says the same on every try, so its CID is the same."""
    caption = normalise(part.caption)
    record: dict[str, JSON] = {
        "$type": COLLECTION,
        "text": caption,
        "createdAt": moment(part.created_at),
    }
    if part.language:
        record["langs"] = [part.language]
    facets = facets_of(caption, dids)
    if facets:
        record["facets"] = facets
    if part.staged and text_or(part.staged[0], "$type") == EMBED_VIDEO:
        record["embed"] = part.staged[0]
    elif part.staged:
        record["embed"] = {"$type": "app.bsky.embed.images", "images": list(part.staged)}
    elif part.link_card is not None:
        record["embed"] = {"$type": "app.bsky.embed.external", "external": part.link_card}
    if reply is not None:
        record["reply"] = reply
    return record


def moment(instant: datetime) -> str:
    """Return an instant as the lexicon wants it: UTC, milliseconds, Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
