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
from loa.intake.views.sources import (
    delete_source,
    pause_source,
    poll_source,
    resume_source,
    show_source,
    show_sources,
)

__all__ = [
    "delete_source",
    "download_corrected",
    "download_template",
    "pause_source",
    "poll_source",
    "read_again",
    "resume_source",
    "show_import",
    "show_imports",
    "show_source",
    "show_sources",
    "start_import",
    "stop_import",
    "undo_import",
    "upload_file",
]
