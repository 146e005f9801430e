"""A post's whole state as one value: compared, merged and kept as revisions."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from loa.content.rules.document import Attachment, Document, Part, document_from_json
from loa.kernel.json import JSON

# Comparing word by word takes time with the square of the length; beyond this, line by line.
MOST_WORDS_COMPARED = 4000


@dataclass(frozen=True, slots=True)
class PostState:
    """What a person edits. own: by channel id, its own document; None while it follows `shared`."""

    title: str = ""
    language: str = "vi"
    campaign_id: int | None = None
    shared: Document = field(default_factory=Document)
    own: Mapping[int, Document | None] = field(default_factory=dict)

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON, the form kept in a revision."""
        return {
            "title": self.title,
            "language": self.language,
            "campaign_id": self.campaign_id,
            "shared": self.shared.to_json(),
            "own": {
                str(channel): document.to_json() if document else None
                for channel, document in sorted(self.own.items())
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, JSON]) -> "PostState":
        """Read what `to_json` wrote."""
        campaign, shared, own = data.get("campaign_id"), data.get("shared"), data.get("own")
        documents = own.items() if isinstance(own, dict) else ()
        return cls(
            title=str(data.get("title") or ""),
            language=str(data.get("language") or "vi"),
            campaign_id=campaign if isinstance(campaign, int) else None,
            shared=document_from_json(shared if isinstance(shared, dict) else {}),
            own={
                int(channel): document_from_json(document) if isinstance(document, dict) else None
                for channel, document in documents
            },
        )

    def document_for(self, channel_id: int) -> Document:
        """Return what the channel would show."""
        return self.own.get(channel_id) or self.shared

    def fields(self) -> dict[str, object]:
        """Return what can be changed apart from each other, by name."""
        return {
            "title": self.title,
            "language": self.language,
            "campaign": self.campaign_id,
            "shared": self.shared,
            **{f"channel:{channel}": own or FOLLOWS for channel, own in self.own.items()},
        }

    def with_field(self, name: str, value: object) -> "PostState":
        """Return a copy in which one field is `value`; None takes a channel out."""
        kind, _, channel = name.partition(":")
        match kind, value:
            case "channel", None:
                own = {key: one for key, one in self.own.items() if key != int(channel)}
                return replace(self, own=own)
            case "channel", _:
                document = value if isinstance(value, Document) else None
                return replace(self, own={**self.own, int(channel): document})
            case "shared", Document():
                return replace(self, shared=value)
            case "title", str():
                return replace(self, title=value)
            case "language", str():
                return replace(self, language=value)
            case "campaign", int() | None:
                return replace(self, campaign_id=value)
        raise ValueError(f"{name} cannot be {value!r}")


# A channel that is chosen and says what `shared` says; None would mean it is not chosen.
FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Merge:
    """Two edits of one post put together.

    state: with the changes of both, and theirs where both changed the same field.
    clashes: the names of those fields. mine, theirs: fields that only one side changed.
    """

    state: PostState
    clashes: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


def merge(base: PostState | None, *, mine: PostState, theirs: PostState) -> Merge:
    """Put together what two people made of `base`; without it every difference is a clash."""
    before = base.fields() if base else {}
    my_fields, their_fields = mine.fields(), theirs.fields()
    state, clashes, only_mine, only_theirs = theirs, [], [], []
    for name in dict.fromkeys([*their_fields, *my_fields]):
        my_value, their_value = my_fields.get(name), their_fields.get(name)
        if my_value == their_value:
            continue
        if base and my_value == before.get(name):
            only_theirs.append(name)
        elif base and their_value == before.get(name):
            only_mine.append(name)
            state = state.with_field(name, my_value)
        else:
            clashes.append(name)
    return Merge(state, tuple(clashes), tuple(only_mine), tuple(only_theirs))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two states, in words.

    field: as in PostState.fields. what: "text", "first_comment", "images", "followed", "left"
    (a channel), "chosen", "title", "language" or "campaign". part: from 0, of text and images.
    """

    field: str
    what: str
    pieces: tuple[Piece, ...] = ()
    part: int | None = None
    before: str = ""
    after: str = ""


def changes(old: PostState, new: PostState) -> tuple[Change, ...]:
    """Return what differs from `old` to `new`, from top to bottom."""
    before, after = old.fields(), new.fields()
    found: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if name == "shared" or name.startswith("channel:"):
            found += _document_changes(name, was, now, old=old, new=new)
        else:
            pieces = words_compared(str(was or ""), str(now or "")) if name == "title" else ()
            found.append(Change(name, name, pieces, before=str(was or ""), after=str(now or "")))
    return tuple(found)


def _document_changes(
    name: str, was: object, now: object, *, old: PostState, new: PostState
) -> Iterator[Change]:
    if now is None:
        yield Change(name, "left")
        return
    if was is None:
        yield Change(name, "chosen")
    elif now == FOLLOWS:
        yield Change(name, "followed")
    if now == FOLLOWS:
        return
    before = was if isinstance(was, Document) else old.shared
    after = now if isinstance(now, Document) else new.shared
    yield from _texts_compared(name, before, after)


def _texts_compared(name: str, before: Document, after: Document) -> Iterator[Change]:
    for number in range(max(len(before.parts), len(after.parts))):
        old = before.parts[number] if number < len(before.parts) else Part()
        new = after.parts[number] if number < len(after.parts) else Part()
        if old.caption != new.caption:
            yield Change(name, "text", words_compared(old.caption, new.caption), part=number)
        if old.attachments != new.attachments:
            yield Change(
                name,
                "images",
                part=number,
                before=_ids(old.attachments),
                after=_ids(new.attachments),
            )
    if before.first_comment != after.first_comment:
        pieces = words_compared(before.first_comment, after.first_comment)
        yield Change(name, "first_comment", pieces)


def _ids(attachments: tuple[Attachment, ...]) -> str:
    return " ".join(str(one.asset_id) for one in attachments)


def words_compared(old: str, new: str) -> tuple[Piece, ...]:
    """Return `old` and `new` as one text of pieces that stayed, came and went, word by word."""
    old_words, new_words = _words(old), _words(new)
    if len(old_words) + len(new_words) > MOST_WORDS_COMPARED:
        old_words, new_words = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        gone, came = "".join(old_words[start:end]), "".join(new_words[new_start:new_end])
        if kind == "equal":
            pieces.append(Piece("same", gone))
            continue
        if gone:
            pieces.append(Piece("removed", gone))
        if came:
            pieces.append(Piece("added", came))
    return tuple(pieces)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)
