"""What a post says, as one value: parts with captions and attachments, stored as JSON."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loa.kernel.json import JSON
from loa.kernel.text import normalise

FORM = 1


@dataclass(frozen=True, slots=True)
class Attachment:
    """An asset as this part uses it. None: the asset's own alt text or focal point."""

    asset_id: int
    alt_text: str | None = None
    focus: tuple[float, float] | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, the form kept in the database."""
        focus: JSON = None if self.focus is None else [self.focus[0], self.focus[1]]
        return {"asset_id": self.asset_id, "alt_text": self.alt_text, "focus": focus}

    @classmethod
    def from_json(cls, data: Mapping[str, JSON]) -> "Attachment":
        """Read what `to_json` wrote."""
        asset_id, alt_text, focus = data["asset_id"], data.get("alt_text"), data.get("focus")
        if not isinstance(asset_id, int):
            raise TypeError("an attachment names its asset by number")
        point = None
        if isinstance(focus, list) and len(focus) == 2:  # noqa: PLR2004 (x and y)
            x, y = focus
            if isinstance(x, int | float) and isinstance(y, int | float):
                point = (float(x), float(y))
        return cls(asset_id, None if alt_text is None else str(alt_text), point)


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a thread, or the only one."""

    caption: str = ""
    attachments: tuple[Attachment, ...] = ()

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, the form kept in the database."""
        return {
            "caption": self.caption,
            "attachments": [one.to_json() for one in self.attachments],
        }


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a variant says: its parts, the first comment, and platform options.

    options: choices only some platforms have, e.g. {"spoiler_text": "..."}.
    """

    parts: tuple[Part, ...] = (Part(),)
    first_comment: str = ""
    options: Mapping[str, JSON] = field(default_factory=dict)

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, the form kept in the database."""
        return {
            "form": FORM,
            "parts": [part.to_json() for part in self.parts],
            "first_comment": self.first_comment,
            "options": dict(self.options),
        }

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to publish yet."""
        return not self.first_comment.strip() and not any(
            part.caption.strip() or part.attachments for part in self.parts
        )

    @property
    def opening(self) -> str:
        """The first line that says something, for lists; "" when there is none."""
        for part in self.parts:
            for line in part.caption.splitlines():
                if line.strip():
                    return line.strip()
        return ""

    def asset_ids(self) -> tuple[int, ...]:
        """Return the assets used, in order, each once."""
        used = (one.asset_id for part in self.parts for one in part.attachments)
        return tuple(dict.fromkeys(used))


def document_from_json(data: Mapping[str, JSON]) -> Document:
    """Read what `Document.to_json` wrote. Captions come back in NFC."""
    raw_parts, options = data.get("parts"), data.get("options")
    raw_parts = raw_parts if isinstance(raw_parts, list) else []
    parts = tuple([_part(one) for one in raw_parts if isinstance(one, dict)])
    return Document(
        parts=parts or (Part(),),
        first_comment=normalise(str(data.get("first_comment") or "")),
        options=options if isinstance(options, dict) else {},
    )


def _part(data: Mapping[str, JSON]) -> Part:
    raw = data.get("attachments")
    raw = raw if isinstance(raw, list) else []
    attachments = tuple([Attachment.from_json(one) for one in raw if isinstance(one, dict)])
    return Part(caption=normalise(str(data.get("caption") or "")), attachments=attachments)


def fingerprint(documents: Iterable[tuple[int, Document]]) -> str:
    """Return one hash of what would be published: each channel id with its document.

    Two posts with the same fingerprint publish the same thing in the same places; the order
    in which the channels come does not matter.
    """
    canon = sorted((channel_id, document.to_json()) for channel_id, document in documents)
    text = json.dumps(canon, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
