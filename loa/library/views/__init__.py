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

__all__ = [
    "add_consent",
    "archive_asset",
    "choose_assets",
    "note_rights",
    "remove_consent",
    "restore_asset",
    "show_asset_page",
    "show_file",
    "show_library",
    "upload_assets",
    "withdraw_consent",
]
