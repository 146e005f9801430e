"""Write rows as CSV. No cell is ever a formula."""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from loa.ops.sheets.cells import neutralise

LINES_AT_ONCE = 500
IN_MEMORY_BYTES = 1_000_000


def csv_lines(rows: Iterable[Sequence[str]], *, separator: str = ",") -> Iterator[bytes]:
    """Yield the rows as CSV, some hundred lines at a time.

    In UTF-8 with the mark at the beginning by which spreadsheets recognise it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    yield codecs.BOM_UTF8
    for number, row in enumerate(rows, start=1):
        writer.writerow([neutralise(cell) for cell in row])
        if number % LINES_AT_ONCE == 0:
            yield _taken_from(buffer)
    yield _taken_from(buffer)


def csv_file(rows: Iterable[Sequence[str]], *, separator: str = ",") -> IO[bytes]:
    """Return the rows as an open CSV, on the disk once it is large. Close it after use.

    For rows that must be read now, inside a transaction, and not as slowly as somebody takes them.
    """
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 (the answer closes it)
    for lines in csv_lines(rows, separator=separator):
        kept.write(lines)
    kept.seek(0)
    return kept


def _taken_from(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")
