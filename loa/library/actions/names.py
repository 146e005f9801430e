"""What a file is called once it is ours."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from loa.kernel.text import normalise
from loa.library import storage

LONGEST_NAME = 120


def clean_name(filename: str, mime_type: str) -> str:
    """Return the file's own name without folders and control marks, with the true ending."""
    name = PureWindowsPath(PurePosixPath(normalise(filename)).name).name
    printable = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C").strip()
    stem = PurePosixPath(printable).stem[:LONGEST_NAME].strip(". ")
    return (stem or "anh") + storage.SUFFIXES[mime_type]
