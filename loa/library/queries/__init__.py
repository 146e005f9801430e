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
from loa.library.queries.shelf import facts_of, offered

__all__ = [
    "PREVIEW",
    "THUMB",
    "AssetMissing",
    "NoTypeFits",
    "facts_of",
    "keep_rendition",
    "media_for",
    "offered",
    "rendition",
]
