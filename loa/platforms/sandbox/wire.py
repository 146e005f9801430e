"""Our values as the practice network's JSON, and back. Pure."""

from dataclasses import dataclass
from datetime import datetime

from loa.connectors.contract import (
    Connected,
    Idempotency,
    ImageRules,
    Limits,
    Media,
    MetricValue,
    OutgoingPart,
    Published,
    Renewed,
    TextRules,
    TextUnit,
    VideoRules,
)
from loa.connectors.idempotency import FACT
from loa.connectors.quotas import FACT as QUOTAS
from loa.connectors.reading import (
    Unreadable,
    at,
    count,
    count_or,
    instant,
    ratio_or_none,
    rows,
    text,
    text_or,
    texts,
    web_address,
)
from loa.kernel.json import JSON
from loa.kernel.text import normalise

PLATFORM = "sandbox"
METRICS = ("likes", "replies", "reposts", "reach", "impressions", "link_clicks")
CHANNEL_METRICS = ("followers",)
MAX_PARTS = 25

LIMITS = Limits(
    text=TextRules(max_chars=500, unit=TextUnit.GRAPHEMES),
    images=ImageRules(
        max_count=4,
        max_bytes=8_000_000,
        mime_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        max_alt_chars=1500,
        max_pixels=40_000_000,
    ),
    max_parts=MAX_PARTS,
    video=VideoRules(
        max_count=1,
        max_bytes=40_000_000,
        mime_types=("video/mp4",),
        video_codecs=("h264",),
        audio_codecs=("aac",),
        max_alt_chars=1500,
        max_duration_ms=180_000,
        max_pixels=2_073_600,
    ),
)


@dataclass(frozen=True, slots=True)
class OwnPost:
    """One of our own posts, as far as it helps to recognise it."""

    published: Published
    author: str
    caption: str
    created_at: datetime
    reply_to: str
    media_count: int


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture on the network; not ready while it is processed."""

    media_id: str
    is_ready: bool


def to_post(out: OutgoingPart) -> dict[str, JSON]:
    """Return the fields of a post that do not depend on the account's class."""
    fields: dict[str, JSON] = {"text": out.caption, "language": out.language}
    if out.staged:
        fields["media_ids"] = list(out.staged)
    if out.reply_to is not None:
        fields["reply_to"] = out.reply_to.external_id
    return fields


def to_upload_form(media: Media) -> tuple[tuple[str, str], ...]:
    """Return the text fields that go with a picture."""
    x, y = media.focus
    return (("alt_text", media.alt_text), ("focus", f"{x:.4f},{y:.4f}"))


def to_published(body: JSON) -> Published:
    """Return the proof that a post is live."""
    return Published(
        external_id=text(body, "id"),
        url=web_address(body, "url"),
        published_at=instant(body, "created_at"),
    )


def to_own_post(body: JSON) -> OwnPost:
    """Read one post."""
    return OwnPost(
        published=to_published(body),
        author=text(body, "author"),
        caption=text_or(body, "text"),
        created_at=instant(body, "created_at"),
        reply_to=text_or(body, "reply_to"),
        media_count=len(rows(body, "media")),
    )


def to_own_posts(body: JSON) -> list[OwnPost]:
    """Read a list of posts. One that cannot be read could be ours: then nothing can."""
    return [to_own_post(one) for one in rows(body, "posts")]


def is_same(post: OwnPost, out: OutgoingPart) -> bool:
    """Say whether a listed post shows what `out` says: text, pictures and parent."""
    return (
        post.published.external_id not in out.taken_ids
        and _comparable(post.caption) == _comparable(out.caption)
        and post.media_count == len(out.staged or out.media)
        and post.reply_to == (out.reply_to.external_id if out.reply_to else "")
    )


def to_uploaded(body: JSON) -> Uploaded:
    """Read the state of a picture."""
    return Uploaded(text(body, "id"), is_ready=text(body, "state") == "ready")


def to_readings(body: JSON) -> dict[str, tuple[MetricValue, ...]]:
    """Read the counts of many posts by their ids."""
    return {text(one, "post_id"): _counts(one, METRICS) for one in rows(body, "readings")}


def to_channel_readings(body: JSON) -> tuple[MetricValue, ...]:
    """Read the counts of an account."""
    text(body, "handle")
    return _counts(body, CHANNEL_METRICS)


def to_connected(me: JSON, limits: Limits, *, base_url: str, access_code: str) -> Connected:
    """Read the account that an access code belongs to."""
    try:
        idempotency = Idempotency(text(me, "idempotency"))
    except ValueError:
        raise Unreadable("an unknown class of account") from None
    return Connected(
        external_id=text(me, "id"),
        handle=text(me, "handle"),
        name=text(me, "name"),
        base_url=base_url,
        secret={"access_code": access_code},
        facts={FACT: str(idempotency), QUOTAS: {"requests": count(me, "requests_per_window")}},
        limits=limits,
    )


def has_sessions(me: JSON) -> bool:
    """Say whether the access codes of an account end, and are renewed."""
    return at(me, "has_sessions") is True


def to_session(body: JSON) -> Renewed:
    """Read new codes, and until when they open the account."""
    return Renewed(
        secret={
            "access_code": text(body, "access_code"),
            "refresh_code": text(body, "refresh_code"),
        },
        grant_expires_at=instant(body, "expires_at"),
    )


def to_limits(body: JSON) -> Limits:
    """Read what the network says it accepts."""
    try:
        unit = TextUnit(text(body, "text_unit"))
    except ValueError:
        raise Unreadable("an unknown way to count") from None
    return Limits(
        text=TextRules(count(body, "text_max_chars"), unit),
        images=ImageRules(
            max_count=count(body, "images_max_count"),
            max_bytes=count(body, "image_max_bytes"),
            mime_types=texts(body, "image_mime_types"),
            max_alt_chars=count(body, "alt_max_chars"),
            max_pixels=count(body, "image_max_pixels"),
            min_ratio=ratio_or_none(body, "image_min_ratio"),
            max_ratio=ratio_or_none(body, "image_max_ratio"),
            min_count=count_or(body, "images_min_count", default=0),
        ),
        max_parts=MAX_PARTS,
        video=_to_video_rules(body),
    )


def _to_video_rules(body: JSON) -> VideoRules | None:
    """Read which videos the network takes; None for one that knows none."""
    if at(body, "video_max_bytes") is None:
        return None
    return VideoRules(
        max_count=count(body, "videos_max_count"),
        max_bytes=count(body, "video_max_bytes"),
        mime_types=texts(body, "video_mime_types"),
        video_codecs=("h264",),
        audio_codecs=("aac",),
        max_alt_chars=count(body, "alt_max_chars"),
        max_duration_ms=count(body, "video_max_ms"),
        max_pixels=count(body, "video_max_pixels"),
    )


def _counts(body: JSON, metrics: tuple[str, ...]) -> tuple[MetricValue, ...]:
    """Return the metrics that are there; one that is missing is unavailable, never 0."""
    told = [metric for metric in metrics if at(body, metric) is not None]
    return tuple(MetricValue(metric, count(body, metric)) for metric in told)


def _comparable(caption: str) -> str:
    return " ".join(normalise(caption).split())
