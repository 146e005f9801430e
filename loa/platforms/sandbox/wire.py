"""Our values as the practice network's JSON, and back. Pure."""

from collections.abc import Mapping
from datetime import datetime

from loa.connectors.contract import (
    Answer,
    ImageRules,
    Limits,
    Media,
    MetricValue,
    OutgoingPart,
    Published,
    TextRules,
    TextUnit,
)
from loa.kernel.json import JSON
from loa.kernel.text import normalise

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
)


class Unreadable(ValueError):
    """The answer is not what this API gives."""


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


def object_of(answer: Answer) -> Mapping[str, JSON]:
    """Return the object an answer carries; raises Unreadable when it carries none."""
    if not isinstance(answer.body, dict):
        raise Unreadable("the answer is not a JSON object")
    return answer.body


def objects_of(answer: Answer, name: str) -> list[Mapping[str, JSON]]:
    """Return a list of objects in an answer; raises Unreadable when there is none."""
    found = object_of(answer).get(name)
    if not isinstance(found, list):
        raise Unreadable(f"{name} is missing")
    if not all(isinstance(one, dict) for one in found):
        raise Unreadable(f"{name} holds something else than objects")
    return [one for one in found if isinstance(one, dict)]


def text_in(fields: Mapping[str, JSON], name: str) -> str:
    """Return a text that must be there; raises Unreadable when it is not."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{name} is missing")
    return value


def to_published(fields: Mapping[str, JSON]) -> Published:
    """Return the proof that a post is live; raises Unreadable."""
    return Published(
        external_id=text_in(fields, "id"),
        url=text_in(fields, "url"),
        published_at=instant(fields, "created_at"),
    )


def instant(fields: Mapping[str, JSON], name: str) -> datetime:
    """Return a time; raises Unreadable when it is missing or has no offset."""
    try:
        moment = datetime.fromisoformat(text_in(fields, name))
    except ValueError as problem:
        raise Unreadable(f"{name} is no time") from problem
    if moment.tzinfo is None:
        raise Unreadable(f"{name} has no offset")
    return moment


def is_same_post(fields: Mapping[str, JSON], out: OutgoingPart) -> bool:
    """Say whether a listed post shows what `out` says: text, pictures and parent."""
    text, media = fields.get("text"), fields.get("media")
    parent = out.reply_to.external_id if out.reply_to else None
    return (
        isinstance(text, str)
        and isinstance(media, list)
        and _comparable(text) == _comparable(out.caption)
        and len(media) == len(out.staged)
        and fields.get("reply_to") == parent
    )


def to_readings(counts: Mapping[str, JSON], metrics: tuple[str, ...]) -> tuple[MetricValue, ...]:
    """Return the metrics that are there; one that is missing is unavailable, never 0."""
    return tuple(
        MetricValue(metric, value)
        for metric in metrics
        if isinstance(value := counts.get(metric), int) and not isinstance(value, bool)
    )


def to_limits(fields: Mapping[str, JSON]) -> Limits:
    """Return the limits the network says it has; raises Unreadable."""
    mime_types = fields.get("image_mime_types")
    if not isinstance(mime_types, list):
        raise Unreadable("image_mime_types is missing")
    return Limits(
        text=TextRules(_whole(fields, "text_max_chars"), TextUnit(text_in(fields, "text_unit"))),
        images=ImageRules(
            max_count=_whole(fields, "images_max_count"),
            max_bytes=_whole(fields, "image_max_bytes"),
            mime_types=tuple(str(one) for one in mime_types),
            max_alt_chars=_whole(fields, "alt_max_chars"),
            max_pixels=_whole(fields, "image_max_pixels"),
        ),
        max_parts=MAX_PARTS,
    )


def _whole(fields: Mapping[str, JSON], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{name} is missing")
    return value


def _comparable(text: str) -> str:
    return " ".join(normalise(text).split())
