"""Read what a composer's form sent, into plain values.

Fields of a document begin with its name ("s" or "c12", rules/editing.py):
s.p0.caption, s.p0.a0.asset, s.p0.a0.alt, s.p0.a0.focus_x, s.p0.a0.focus_y, s.comment.
Numbers say the order only; gaps are closed. A channel follows unless fields of its own came.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import PostState
from loa.create.rules.editing import SHARED, channel_of

_DOCUMENT = re.compile(r"(s|c[0-9]{1,18})\.(.+)")
_PART = re.compile(r"p([0-9]{1,4})\.(.+)")
_IMAGE = re.compile(r"a([0-9]{1,4})\.(.+)")
LANGUAGES = ("vi", "en", "fr", "de", "ja", "ko", "zh", "th")
DEFAULT_LANGUAGE = "vi"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came from a composer.

    post_id: None for a post that is not saved yet. base_revision: the state it was typed over.
    tab: tells two pages of one member apart. order: the button pressed, "" for a plain save.
    planned: the time as typed, local.
    """

    state: PostState
    post_id: int | None = None
    base_revision: int = 0
    tab: str = ""
    order: str = ""
    planned: str = ""


def read(data: QueryDict) -> Sent:
    """Return what the form says. What cannot be read is left out, never an error."""
    documents = _documents(data)
    chosen = [int(one) for one in data.getlist("channel") if one.isdecimal() and len(one) < 19]  # noqa: PLR2004 (fits 64 bits)
    campaign = data.get("campaign", "")
    language = data.get("language", DEFAULT_LANGUAGE)
    own = {channel_of(name): one for name, one in documents.items() if name != SHARED}
    state = PostState(
        title=data.get("title", ""),
        language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
        campaign_id=_number(campaign),
        shared=documents.get(SHARED, Document()),
        own={channel: own.get(channel) for channel in dict.fromkeys(chosen)},
    )
    return Sent(
        state=state,
        post_id=_number(data.get("post", "")),
        base_revision=_number(data.get("revision", "")) or 0,
        tab=re.sub(r"[^0-9A-Za-z]", "", data.get("tab", ""))[:32],
        order=data.get("do", "")[:200],
        planned=data.get("planned", "")[:32],
    )


def _documents(data: Mapping[str, str]) -> dict[str, Document]:
    fields: dict[str, dict[str, str]] = defaultdict(dict)
    for name in data:
        if found := _DOCUMENT.fullmatch(name):
            fields[found[1]][found[2]] = data[name]
    return {name: _document(one) for name, one in fields.items()}


def _document(fields: Mapping[str, str]) -> Document:
    parts = tuple(_part(one) for one in _numbered(fields, _PART))
    return Document(parts=parts or (Part(),), first_comment=fields.get("comment", ""))


def _part(fields: Mapping[str, str]) -> Part:
    images = (_image(one) for one in _numbered(fields, _IMAGE))
    return Part(
        caption=fields.get("caption", ""),
        attachments=tuple(image for image in images if image is not None),
    )


def _image(fields: Mapping[str, str]) -> Attachment | None:
    asset_id = _number(fields.get("asset", ""))
    if asset_id is None:
        return None
    x, y = _axis(fields.get("focus_x", "")), _axis(fields.get("focus_y", ""))
    return Attachment(
        asset_id=asset_id,
        alt_text=fields.get("alt"),
        focus=None if x is None or y is None else (x, y),
    )


def _numbered(fields: Mapping[str, str], pattern: re.Pattern[str]) -> list[dict[str, str]]:
    """Return the fields of each numbered thing, in the order of the numbers."""
    things: dict[int, dict[str, str]] = defaultdict(dict)
    for name, value in fields.items():
        if found := pattern.fullmatch(name):
            things[int(found[1])][found[2]] = value
    return [things[number] for number in sorted(things)]


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _axis(text: str) -> float | None:
    """Return a focal point's axis, from -1 to 1."""
    if not re.fullmatch(r"-?[0-9]{1,2}(\.[0-9]{1,20})?", text):
        return None
    return max(-1.0, min(1.0, round(float(text), 4)))
