"""How a caption is shown in a preview: which stretches are tags, mentions and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from loa.connectors.counting import links
from loa.content.rules.wording import HASHTAG

_MENTION = re.compile(r"(?<![\w/])@[\w][\w.\-]*(?:@[\w.\-]*\w)?", re.UNICODE)
SHOWN_OF_A_LINK = 34


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a caption. text: as shown; a long link is shortened."""

    kind: Literal["text", "hashtag", "mention", "link"]
    text: str


@dataclass(frozen=True, slots=True)
class Focus:
    """A focal point in tenths of a picture's width and height, from the left and from the top.

    Styles have a rule for each tenth, since pages carry no styles of their own.
    """

    across: int
    down: int

    @classmethod
    def at(cls, x: float, y: float) -> "Focus":
        """Return the focal point of axes from -1 (left, bottom) to 1 (right, top)."""
        return cls(round((x + 1) * 5), round((1 - y) * 5))


def stretches(caption: str) -> tuple[Stretch, ...]:
    """Return `caption` in stretches, in order; their texts joined are the caption, links apart."""
    found: list[Stretch] = []
    at = 0
    for start, end, kind in sorted(_marks(caption)):
        if start < at:
            continue
        if start > at:
            found.append(Stretch("text", caption[at:start]))
        text = caption[start:end]
        found.append(Stretch(kind, shown_link(text) if kind == "link" else text))
        at = end
    if at < len(caption):
        found.append(Stretch("text", caption[at:]))
    return tuple(found)


def first_link_host(caption: str) -> str:
    """Return the host of the first link, "" when there is none."""
    for link in links(caption):
        return urlsplit(link).hostname or ""
    return ""


def shown_link(link: str) -> str:
    """Return a link as platforms show it: without its scheme, cut when long."""
    bare = link.partition("://")[2] or link
    bare = bare.removeprefix("www.").rstrip("/")
    return bare if len(bare) <= SHOWN_OF_A_LINK else f"{bare[: SHOWN_OF_A_LINK - 1]}…"


def _marks(
    caption: str,
) -> Iterator[tuple[int, int, Literal["hashtag", "mention", "link"]]]:
    at = 0
    for link in links(caption):
        start = caption.index(link, at)
        at = start + len(link)
        yield start, at, "link"
    for tag in HASHTAG.finditer(caption):
        yield tag.start(), tag.end(), "hashtag"
    for mention in _MENTION.finditer(caption):
        yield mention.start(), mention.end(), "mention"
