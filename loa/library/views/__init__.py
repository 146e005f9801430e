"""Pages of the library, one module per subject."""

from loa.library.views.assets import (
    archive_asset,
    choose_assets,
    restore_asset,
    show_asset_page,
    show_file,
    show_library,
    upload_assets,
)
from loa.library.views.rights import add_consent, note_rights, remove_consent, withdraw_consent
from loa.library.views.uploads import (
    begin_upload,
    change_upload,
    drop_upload,
    take_upload,
)
from loa.library.views.videos import (
    add_captions,
    cancel_order,
    change_cover,
    remove_captions,
    restart_order,
    show_captions,
)

__all__ = [
    "add_captions",
    "add_consent",
    "archive_asset",
    "begin_upload",
    "cancel_order",
    "change_cover",
    "change_upload",
    "choose_assets",
    "drop_upload",
    "note_rights",
    "remove_captions",
    "remove_consent",
    "restart_order",
    "restore_asset",
    "show_asset_page",
    "show_captions",
    "show_file",
    "show_library",
    "take_upload",
    "upload_assets",
    "withdraw_consent",
]
