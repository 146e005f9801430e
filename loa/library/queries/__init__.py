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
from loa.library.queries.folders import Shelf, shelves, tags, tree
from loa.library.queries.missing import AssetMissing
from loa.library.queries.rights import ended_assets, ending, rights_of
from loa.library.queries.shelf import NO_FOLDER, Asked, asked_for, facts_of, offered
from loa.library.queries.uploads import unfinished
from loa.library.queries.uses import UsedIn, count_uses, list_uses
from loa.library.queries.versions import versions_of

__all__ = [
    "COVER",
    "NO_FOLDER",
    "PREVIEW",
    "THUMB",
    "WATCH",
    "Asked",
    "AssetMissing",
    "NoTypeFits",
    "Shelf",
    "UsedIn",
    "VideoBroken",
    "VideoNotReady",
    "VideoUnfit",
    "asked_for",
    "count_uses",
    "ended_assets",
    "ending",
    "facts_of",
    "keep_rendition",
    "list_uses",
    "media_for",
    "offered",
    "rendition",
    "rights_of",
    "shelves",
    "tags",
    "tree",
    "unfinished",
    "versions_of",
    "videos_of",
]
