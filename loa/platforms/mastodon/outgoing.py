"""Our parts to Mastodon's JSON. Pure.

Source: Mastodon API documentation, methods statuses, as in abraham/mastodon-openapi 4.7.0.
"""

from loa.connectors.contract import Media, OutgoingPart
from loa.kernel.json import JSON
from loa.kernel.text import normalise

VISIBILITIES = ("public", "unlisted", "private")


def from_part(part: OutgoingPart) -> dict[str, JSON]:
    """Return the JSON of a new status."""
    status: dict[str, JSON] = {"status": normalise(part.caption), **_common(part)}
    visibility = part.options.get("visibility")
    status["visibility"] = visibility if visibility in VISIBILITIES else "public"
    if part.reply_to is not None:
        status["in_reply_to_id"] = part.reply_to.external_id
    if part.staged:
        status["media_ids"] = list(part.staged)
    return status


def from_edit(part: OutgoingPart) -> dict[str, JSON]:
    """Return the JSON of an edit. It replaces everything, so absent media are taken off.

    Files that stay get their alternative text and focus anew.
    """
    edited: dict[str, JSON] = {
        "status": normalise(part.caption),
        **_common(part),
        "media_ids": list(part.staged),
    }
    if part.staged and len(part.media) == len(part.staged):
        edited["media_attributes"] = [
            {"id": staged, "description": media.alt_text, "focus": focus(media)}
            for staged, media in zip(part.staged, part.media, strict=True)
        ]
    return edited


def focus(media: Media) -> str:
    """Return the point that must stay visible, as Mastodon writes it."""
    x, y = media.focus
    return f"{x:.4f},{y:.4f}"


def _common(part: OutgoingPart) -> dict[str, JSON]:
    fields: dict[str, JSON] = {}
    if part.language:
        # Chinese is told apart by region or script, every other language by its code.
        primary = part.language.partition("-")[0]
        fields["language"] = part.language if primary == "zh" else primary
    spoiler = part.options.get("spoiler_text")
    if isinstance(spoiler, str) and spoiler.strip():
        fields["spoiler_text"] = normalise(spoiler)
    if part.options.get("sensitive") is True:
        fields["sensitive"] = True
    return fields
