"""Show the newest version of a picture instead of older ones, without losing what was said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from loa.content.rules.document import Attachment, Document


@dataclass(frozen=True, slots=True)
class Said:
    """What the library says of one version: its words and its focal point."""

    alt_text: str
    focus: tuple[float, float]


def with_newest(
    document: Document, *, newest_id: int, newest: Said, older: Mapping[int, Said]
) -> Document:
    """Return `document` showing the newest version wherever it shows one of `older`.

    Words and focal point that the post chose for itself stay; those that came with the older
    version come with the newest now.
    """

    def renewed(one: Attachment) -> Attachment:
        old = older.get(one.asset_id)
        if old is None:
            return one
        return Attachment(
            asset_id=newest_id,
            alt_text=newest.alt_text if one.alt_text in {None, old.alt_text} else one.alt_text,
            focus=newest.focus if one.focus in {None, old.focus} else one.focus,
        )

    parts = tuple(
        replace(part, attachments=tuple(renewed(one) for one in part.attachments))
        for part in document.parts
    )
    return replace(document, parts=parts)
