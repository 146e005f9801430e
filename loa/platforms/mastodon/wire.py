"""Mastodon's JSON to our types. Pure.

Source: Mastodon API documentation (entities Status, Account, Instance, MediaAttachment) as
in abraham/mastodon-openapi 4.7.0.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from loa.connectors.contract import (
    ImageRules,
    Limits,
    MetricValue,
    Published,
    TextRules,
    TextUnit,
    VideoRules,
)
from loa.connectors.reading import (
    Unreadable,
    at,
    count,
    count_or,
    instant,
    rows,
    text,
    text_or,
    texts,
    web_address_or,
)
from loa.kernel.json import JSON

PLATFORM = "mastodon"
MAX_PARTS = 100
MP4 = "video/mp4"
IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")

# What an instance that was not changed allows.
LIMITS = Limits(
    text=TextRules(
        max_chars=500, unit=TextUnit.GRAPHEMES, link_cost=23, mention_counts_local_part=True
    ),
    images=ImageRules(
        max_count=4,
        max_bytes=16_777_216,
        mime_types=IMAGE_TYPES,
        max_alt_chars=1500,
        max_pixels=33_177_600,
    ),
    max_parts=MAX_PARTS,
    video=VideoRules(
        max_count=1,
        max_bytes=103_809_024,
        mime_types=("video/mp4",),
        video_codecs=("h264",),
        audio_codecs=("aac",),
        max_alt_chars=1500,
        max_pixels=8_294_400,
        max_frame_rate=120.0,
        takes_cover=True,
    ),
)

_METRICS = (
    ("likes", "favourites_count"),
    ("replies", "replies_count"),
    ("reposts", "reblogs_count"),
    ("quotes", "quotes_count"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """The account a token belongs to. username: without the instance."""

    account_id: str
    username: str
    name: str
    avatar_url: str
    followers: int | None


@dataclass(frozen=True, slots=True)
class OwnStatus:
    """One of our own statuses, as far as it helps to recognise it. content: its HTML."""

    published: Published
    content: str
    created_at: datetime
    reply_to_id: str
    media_count: int


def to_limits(instance: JSON) -> Limits:
    """Read an instance's limits; what it does not tell, or tells as nonsense, is the default."""
    statuses = at(instance, "configuration", "statuses")
    media = at(instance, "configuration", "media_attachments")
    offered = texts(media, "supported_mime_types")
    image_types = tuple(one for one in IMAGE_TYPES if one in offered) or IMAGE_TYPES
    text_rules, images = LIMITS.text, LIMITS.images
    # Akkoma and older forks say max_toot_chars at the top instead.
    max_chars = count_or(instance, "max_toot_chars", default=text_rules.max_chars)
    return Limits(
        text=TextRules(
            max_chars=count_or(statuses, "max_characters", default=max_chars),
            unit=text_rules.unit,
            link_cost=count_or(statuses, "characters_reserved_per_url", default=23),
            mention_counts_local_part=True,
        ),
        images=ImageRules(
            max_count=count_or(statuses, "max_media_attachments", default=images.max_count),
            max_bytes=count_or(media, "image_size_limit", default=images.max_bytes),
            mime_types=image_types,
            max_alt_chars=count_or(media, "description_limit", default=images.max_alt_chars),
            max_pixels=count_or(media, "image_matrix_limit", default=images.max_pixels or 0),
        ),
        max_parts=MAX_PARTS,
        video=_to_video_rules(media, offered),
    )


def _to_video_rules(media: JSON, offered: tuple[str, ...]) -> VideoRules | None:
    """Read which videos an instance takes; None for one that lists its types without MP4."""
    rules = LIMITS.video
    if rules is None or (offered and MP4 not in offered):
        return None
    return replace(
        rules,
        max_bytes=count_or(media, "video_size_limit", default=rules.max_bytes),
        max_pixels=count_or(media, "video_matrix_limit", default=rules.max_pixels or 0),
        max_frame_rate=float(count_or(media, "video_frame_rate_limit", default=120)) or 120.0,
        max_alt_chars=count_or(media, "description_limit", default=rules.max_alt_chars),
    )


def to_domain(instance: JSON) -> str:
    """Return the domain that handles end in. v2 says `domain`, v1 says `uri`."""
    domain = text_or(instance, "domain") or text(instance, "uri")
    return domain.removeprefix("https://").removeprefix("http://").rstrip("/")


def to_account(body: JSON) -> Account:
    """Read the answer of verify_credentials."""
    username = text(body, "username")
    return Account(
        account_id=text(body, "id"),
        username=username,
        name=text_or(body, "display_name", default=username),
        avatar_url=web_address_or(body, "avatar"),
        followers=_count_or_none(body, "followers_count"),
    )


def to_published(body: JSON) -> Published:
    """Read a status that is live. Private ones may have no public address."""
    uri = web_address_or(body, "uri")
    return Published(
        external_id=text(body, "id"),
        url=web_address_or(body, "url", default=uri),
        published_at=instant(body, "created_at"),
    )


def to_own_status(body: JSON) -> OwnStatus:
    """Read one status of our own list."""
    published = to_published(body)
    content = at(body, "content")
    media = at(body, "media_attachments")
    if published.published_at is None or not isinstance(content, str):
        raise Unreadable("no content")
    return OwnStatus(
        published=published,
        content=content,
        created_at=published.published_at,
        reply_to_id=text_or(body, "in_reply_to_id"),
        media_count=len(media) if isinstance(media, list) else 0,
    )


def to_own_statuses(body: JSON) -> list[OwnStatus]:
    """Read a page of our own statuses; one that cannot be read spoils the page.

    A status left out could be the one that is looked for, and "could not look" is not
    "not there".
    """
    return [to_own_status(row) for row in rows(body)]


def to_readings(body: JSON) -> tuple[MetricValue, ...]:
    """Read the public counts of one status; a count that is not told is left out."""
    found = ((metric, _count_or_none(body, name)) for metric, name in _METRICS)
    return tuple(MetricValue(metric, value) for metric, value in found if value is not None)


def to_status_id(body: JSON) -> str:
    """Read the id of a status or of an attachment."""
    return text(body, "id")


def _count_or_none(body: JSON, name: str) -> int | None:
    try:
        return count(body, name)
    except Unreadable:
        return None
