"""Pages of what comes in."""

from loa.intake.views.files import download_corrected, download_template
from loa.intake.views.imports import (
    read_again,
    show_import,
    show_imports,
    start_import,
    stop_import,
    undo_import,
    upload_file,
)

__all__ = [
    "download_corrected",
    "download_template",
    "read_again",
    "show_import",
    "show_imports",
    "start_import",
    "stop_import",
    "undo_import",
    "upload_file",
]
