"""What goes out, frozen when it was claimed, and how its parts hang together."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from loa.connectors.contract import Media, OutgoingPart, Published, Staged
from loa.content.rules.document import Document, Part, document_from_json
from loa.kernel.json import JSON

_NOTHING_STAGED = Staged()


@dataclass(frozen=True, slots=True)
class Frozen:
    """A document as it was claimed. Later edits do not reach it.

    created_at: the time that the parts carry; kept over retries, so that references made
    from it stay the same. under: for a first comment, the part it comments on.
    """

    document: Document
    language: str
    created_at: datetime
    under: Published | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, the form kept in the delivery."""
        return {
            "document": self.document.to_json(),
            "language": self.language,
            "created_at": self.created_at.isoformat(),
            "under": None if self.under is None else published_to_json(self.under),
        }


def frozen_from_json(data: Mapping[str, JSON]) -> Frozen:
    """Read what `Frozen.to_json` wrote."""
    document, under = data["document"], data.get("under")
    if not isinstance(document, dict):
        raise TypeError("a frozen delivery holds a document")
    return Frozen(
        document=document_from_json(document),
        language=str(data["language"]),
        created_at=datetime.fromisoformat(str(data["created_at"])),
        under=published_from_json(under) if isinstance(under, dict) else None,
    )


def published_to_json(published: Published) -> dict[str, JSON]:
    """Return the proof that a part is live as plain JSON."""
    return {
        "external_id": published.external_id,
        "url": published.url,
        "facts": dict(published.facts),
    }


def published_from_json(data: Mapping[str, JSON]) -> Published:
    """Read what `published_to_json` wrote."""
    facts = data.get("facts")
    return Published(
        external_id=str(data["external_id"]),
        url=str(data["url"]),
        facts=facts if isinstance(facts, dict) else {},
    )


def staged_to_json(staged: Staged) -> JSON:
    """Return what was uploaded as plain JSON; None when there was nothing to upload."""
    if not staged.media and staged.link_card is None:
        return None
    return {"media": list(staged.media), "link_card": staged.link_card}


def staged_from_json(data: JSON) -> Staged:
    """Read what `staged_to_json` wrote."""
    if not isinstance(data, dict):
        return Staged()
    media = data.get("media")
    return Staged(tuple(media) if isinstance(media, list) else (), data.get("link_card"))


def uploads_to_json(media: Sequence[Media], uploads: Sequence[JSON]) -> JSON:
    """Return what the platform has of `media`, each with what it was made from."""
    pairs = zip(media, uploads, strict=False)
    return [{"of": _fingerprint(one), "is": name} for one, name in pairs]


def uploads_of(data: JSON, media: Sequence[Media]) -> tuple[JSON, ...]:
    """Return the uploads in `data` that may stand for `media`, up to the first that changed."""
    kept = data if isinstance(data, list) else []
    found: list[JSON] = []
    for one, known in zip(media, kept, strict=False):
        if not isinstance(known, dict) or known.get("of") != _fingerprint(one):
            break
        found.append(known.get("is"))
    return tuple(found)


def _fingerprint(media: Media) -> str:
    """Return what changes when another file, or other words with it, would be uploaded."""
    cover = (media.cover.asset_id, media.cover.size_bytes) if media.cover else None
    told = (media.asset_id, media.mime_type, media.size_bytes, media.alt_text, media.focus, cover)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def part_key(key: object, position: int) -> str:
    """Return the key of one part. The same over all tries: a platform may honour it."""
    return f"{key}.{position}"


def comment_after(frozen: Frozen, first: Published) -> Frozen | None:
    """Return the first comment that follows once the first part is live; None without one."""
    text = frozen.document.first_comment.strip()
    if not text or frozen.under is not None:
        return None
    document = Document(parts=(Part(caption=text),))
    return Frozen(document, frozen.language, frozen.created_at, under=first)


def outgoing_part(
    frozen: Frozen,
    position: int,
    *,
    key: str,
    reference: str = "",
    earlier: Sequence[Published] = (),
    media: tuple[Media, ...] = (),
    staged: Staged | None = None,
    uploads: JSON = None,
) -> OutgoingPart:
    """Return part `position` of `frozen` as a connector takes it.

    earlier: the live parts before it, in order; it replies to the last of them.
    """
    staged = staged or _NOTHING_STAGED
    parent, root = frozen.under, frozen.under
    if earlier:
        parent, root = earlier[-1], root or earlier[0]
    return OutgoingPart(
        caption=frozen.document.parts[position].caption,
        language=frozen.language,
        key=key,
        created_at=frozen.created_at,
        reference=reference,
        media=media,
        staged=staged.media,
        uploads=uploads_of(uploads, media) if media else (),
        link_card=staged.link_card,
        reply_to=parent,
        root=root,
        options=frozen.document.options if position == 0 else {},
    )
