"""What can be done with assets; one module per subject."""

from loa.library.actions.describing import (
    LONGEST_ALT_TEXT,
    archive_asset,
    describe_asset,
    restore_asset,
)
from loa.library.actions.keeping import TooLarge, TooManyPixels, keep_upload

__all__ = [
    "LONGEST_ALT_TEXT",
    "TooLarge",
    "TooManyPixels",
    "archive_asset",
    "describe_asset",
    "keep_upload",
    "restore_asset",
]
