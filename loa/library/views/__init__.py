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

__all__ = [
    "archive_asset",
    "choose_assets",
    "restore_asset",
    "show_asset_page",
    "show_file",
    "show_library",
    "upload_assets",
]
