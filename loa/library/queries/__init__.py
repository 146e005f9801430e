"""Reads about assets, one module per subject."""

from loa.library.queries.files import (
    PREVIEW,
    THUMB,
    NoTypeFits,
    keep_rendition,
    media_for,
    rendition,
)
from loa.library.queries.films import (
    COVER,
    WATCH,
    VideoBroken,
    VideoNotReady,
    VideoUnfit,
    videos_of,
)
from loa.library.queries.missing import AssetMissing
from loa.library.queries.rights import ended_assets, ending, rights_of
from loa.library.queries.shelf import facts_of, offered
from loa.library.queries.uploads import unfinished

__all__ = [
    "COVER",
    "PREVIEW",
    "THUMB",
    "WATCH",
    "AssetMissing",
    "NoTypeFits",
    "VideoBroken",
    "VideoNotReady",
    "VideoUnfit",
    "ended_assets",
    "ending",
    "facts_of",
    "keep_rendition",
    "media_for",
    "offered",
    "rendition",
    "rights_of",
    "unfinished",
    "videos_of",
]
