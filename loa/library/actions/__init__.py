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
from loa.library.actions.tidying import tidy_media
from loa.library.actions.uploading import (
    FORGOTTEN_AFTER,
    DamagedUpload,
    NoRoomForUpload,
    TooMuchSent,
    WrongPiece,
    add_piece,
    begin_upload,
    drop_upload,
    forget_uploads,
    settled,
    take_upload,
)

__all__ = [
    "FORGOTTEN_AFTER",
    "LONGEST_ALT_TEXT",
    "DamagedUpload",
    "NoRoomForUpload",
    "NobodyNamed",
    "Terms",
    "TooLarge",
    "TooManyConsents",
    "TooManyPixels",
    "TooMuchSent",
    "WrongPiece",
    "add_consent",
    "add_piece",
    "archive_asset",
    "begin_upload",
    "describe_asset",
    "drop_upload",
    "forget_uploads",
    "keep_upload",
    "note_rights",
    "remove_consent",
    "restore_asset",
    "settled",
    "take_upload",
    "tidy_media",
    "withdraw_consent",
]
