"""Find links, mentions and hashtags, with the places they have in bytes. Pure.

Without a facet, Bluesky shows a link as plain text. Source: AT Protocol lexicon
app.bsky.richtext.facet: places count UTF-8 bytes, the end is not included, a tag has no #
and at most 64 graphemes (640 bytes).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from loa.connectors.counting import graphemes, link_spans
from loa.kernel.json import JSON

_FACET = "app.bsky.richtext.facet"
TAG_GRAPHEMES = 64
TAG_BYTES = 640

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HANDLE = rf"(?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?"
_MENTION = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}_@/.])@(?P<handle>{_HANDLE})(?![\p{{L}}\p{{N}}@])"
)
# A hashtag is letters, marks, digits, underscores and joined emoji, and not digits alone.
_TAG = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_&/#＃])[#＃](?P<tag>(?!\ufe0f)[^\s\p{P}\p{Z}\p{C}#＃$+<=>^`|~]"
    r"(?:[^\s\p{Z}\u00ad\u2060\u200b]*[^\s\p{P}\p{Z}\u00ad\u2060\u200b]|_)?)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One feature and where it stands, in characters of the caption."""

    start: int
    end: int
    feature: dict[str, JSON]


def handles_in(caption: str) -> tuple[str, ...]:
    """Return the handles that the caption mentions, each once, in lower case."""
    links = link_spans(caption)
    found = (
        mention["handle"].lower()
        for mention in _MENTION.finditer(caption)
        if not _inside(mention.start(), links)
    )
    return tuple(dict.fromkeys(found))


def facets_of(caption: str, dids: Mapping[str, str]) -> list[JSON]:
    """Return the facets of `caption`; a mention whose handle is not in `dids` stays text."""
    links = link_spans(caption)
    found = [
        Found(start, end, {"$type": f"{_FACET}#link", "uri": caption[start:end]})
        for start, end in links
    ]
    for mention in _MENTION.finditer(caption):
        did = dids.get(mention["handle"].lower())
        if did and not _inside(mention.start(), links):
            feature: dict[str, JSON] = {"$type": f"{_FACET}#mention", "did": did}
            found.append(Found(mention.start(), mention.end(), feature))
    for start, end, tag in _tags(caption):
        if not _inside(start, links):
            found.append(Found(start, end, {"$type": f"{_FACET}#tag", "tag": tag}))
    found.sort(key=lambda one: one.start)
    return [_facet(caption, one) for one in found]


def _tags(caption: str) -> list[tuple[int, int, str]]:
    """Return start, end and name of every hashtag that Bluesky would keep."""
    tags: list[tuple[int, int, str]] = []
    for found in _TAG.finditer(caption):
        tag = found["tag"]
        fits = graphemes(tag) <= TAG_GRAPHEMES and len(tag.encode()) <= TAG_BYTES
        if fits and not tag.isdigit():
            tags.append((found.start(), found.end(), tag))
    return tags


def _facet(caption: str, found: Found) -> JSON:
    start = len(caption[: found.start].encode())
    end = start + len(caption[found.start : found.end].encode())
    return {
        "$type": _FACET,
        "index": {"byteStart": start, "byteEnd": end},
        "features": [found.feature],
    }


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
