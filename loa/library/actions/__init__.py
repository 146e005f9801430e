"""What can be done with assets; one module per subject."""

from loa.library.actions.describing import (
    LONGEST_ALT_TEXT,
    archive_asset,
    describe_asset,
    restore_asset,
)
from loa.library.actions.keeping import TooLarge, TooManyPixels, keep_upload
from loa.library.actions.rights import (
    NobodyNamed,
    Terms,
    TooManyConsents,
    add_consent,
    note_rights,
    remove_consent,
    withdraw_consent,
)

__all__ = [
    "LONGEST_ALT_TEXT",
    "NobodyNamed",
    "Terms",
    "TooLarge",
    "TooManyConsents",
    "TooManyPixels",
    "add_consent",
    "archive_asset",
    "describe_asset",
    "keep_upload",
    "note_rights",
    "remove_consent",
    "restore_asset",
    "withdraw_consent",
]
