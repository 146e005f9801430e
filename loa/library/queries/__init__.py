"""Reads about assets, one module per subject."""

from loa.library.queries.files import (
    PREVIEW,
    THUMB,
    AssetMissing,
    NoTypeFits,
    keep_rendition,
    media_for,
    rendition,
)
from loa.library.queries.rights import ended_assets, ending, rights_of
from loa.library.queries.shelf import facts_of, offered
from loa.library.queries.uploads import unfinished

__all__ = [
    "PREVIEW",
    "THUMB",
    "AssetMissing",
    "NoTypeFits",
    "ended_assets",
    "ending",
    "facts_of",
    "keep_rendition",
    "media_for",
    "offered",
    "rendition",
    "rights_of",
    "unfinished",
]
