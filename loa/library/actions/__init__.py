"""What can be done with assets; one module per subject."""

from loa.library.actions.captions import keep_captions, remove_captions
from loa.library.actions.covers import NoSuchMoment, take_cover, upload_cover
from loa.library.actions.describing import (
    LONGEST_ALT_TEXT,
    archive_asset,
    describe_asset,
    restore_asset,
)
from loa.library.actions.keeping import TooLarge, TooManyPixels, keep_upload
from loa.library.actions.orders import (
    cancel_order,
    make_rendition,
    order_rendition,
    restart_order,
    resume_forgotten,
)
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
from loa.library.actions.videos import NotAVideo, VideoTooLarge

__all__ = [
    "FORGOTTEN_AFTER",
    "LONGEST_ALT_TEXT",
    "DamagedUpload",
    "NoRoomForUpload",
    "NoSuchMoment",
    "NobodyNamed",
    "NotAVideo",
    "Terms",
    "TooLarge",
    "TooManyConsents",
    "TooManyPixels",
    "TooMuchSent",
    "VideoTooLarge",
    "WrongPiece",
    "add_consent",
    "add_piece",
    "archive_asset",
    "begin_upload",
    "cancel_order",
    "describe_asset",
    "drop_upload",
    "forget_uploads",
    "keep_captions",
    "keep_upload",
    "make_rendition",
    "note_rights",
    "order_rendition",
    "remove_captions",
    "remove_consent",
    "restart_order",
    "restore_asset",
    "resume_forgotten",
    "settled",
    "take_cover",
    "take_upload",
    "tidy_media",
    "upload_cover",
    "withdraw_consent",
]
