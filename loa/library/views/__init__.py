"""Pages of the library, one module per subject."""

from loa.library.views.assets import (
    archive_asset,
    choose_assets,
    restore_asset,
    show_asset_page,
    show_file,
    upload_assets,
)
from loa.library.views.folders import add_folder, change_folder, delete_folder
from loa.library.views.many import arrange, undo_arranging
from loa.library.views.rights import add_consent, note_rights, remove_consent, withdraw_consent
from loa.library.views.shelf import show_library
from loa.library.views.uploads import (
    begin_upload,
    change_upload,
    drop_upload,
    take_upload,
)
from loa.library.views.versions import add_version
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
    "add_folder",
    "add_version",
    "archive_asset",
    "arrange",
    "begin_upload",
    "cancel_order",
    "change_cover",
    "change_folder",
    "change_upload",
    "choose_assets",
    "delete_folder",
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
    "undo_arranging",
    "upload_assets",
    "withdraw_consent",
]
