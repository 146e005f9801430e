"""UTM fields: what a link says about where somebody clicked it. Pure.

A template may name {platform}, {channel}, {campaign} and {post}. Values become plain words
("Tết 2027" is "tet-2027"), so that one campaign never counts under two spellings.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

from loa.content.rules.addresses import LONGEST_ADDRESS, read_address
from loa.kernel.text import fold

PLACES = ("platform", "channel", "campaign", "post")
LONGEST_VALUE = 80
_PLACE = re.compile(r"\{([^{}]*)\}")
_BETWEEN = re.compile(r"[^a-z0-9._]+")

type Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class UtmRule:
    """How links are marked. overwrites: also a utm_ field that the writer set by hand."""

    source: str = "{platform}"
    medium: str = "social"
    campaign: str = "{campaign}"
    content: str = ""
    overwrites: bool = False

    def templates(self) -> tuple[Field, ...]:
        """Return the name and template of each field, in the order in which they are added."""
        return (
            ("utm_source", self.source),
            ("utm_medium", self.medium),
            ("utm_campaign", self.campaign),
            ("utm_content", self.content),
        )


def unknown_places(template: str) -> tuple[str, ...]:
    """Return what stands in braces in `template` and means nothing."""
    return tuple(name for name in _PLACE.findall(template) if name not in PLACES)


def fields(rule: UtmRule, about: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the fields of a link; one whose template comes out empty is left out.

    about: what the places of a template stand for.
    """
    filled = (
        (name, plain(_PLACE.sub(lambda place: about.get(place[1], ""), template)))
        for name, template in rule.templates()
    )
    return tuple((name, value) for name, value in filled if value)


def plain(words: str) -> str:
    """Return `words` as one value of a field: small letters, digits, hyphens."""
    return _BETWEEN.sub("-", fold(words)).strip("-._")[:LONGEST_VALUE].rstrip("-._")


def marked(url: str, wanted: Iterable[Field], *, overwrites: bool = False) -> str:
    """Return `url` with the fields it lacks at the end of its query.

    All else stays to the letter: order, fragment, escapes. A field that is there stands,
    unless `overwrites`. What is no web address, or would become too long, comes back as it is.
    Marking twice changes nothing.
    """
    address = read_address(url)
    if address is None:
        return url
    pieces = (address.query or "").split("&") if address.query else []
    for name, value in wanted:
        there = [at for at, piece in enumerate(pieces) if _name(piece) == name]
        if not there:
            pieces.append(f"{name}={value}")
        elif overwrites:
            pieces[there[0]] = f"{name}={value}"
            pieces = [piece for at, piece in enumerate(pieces) if at not in there[1:]]
    if not pieces:
        return url
    longer = str(replace(address, query="&".join(pieces)))
    return longer if len(longer) <= LONGEST_ADDRESS else url


def _name(piece: str) -> str:
    return unquote_plus(piece.partition("=")[0]).strip().lower()
