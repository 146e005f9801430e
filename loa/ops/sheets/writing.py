"""Write rows as CSV or XLSX. No cell is ever a formula."""

import codecs
import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from loa.ops.sheets.cells import neutralise

LINES_AT_ONCE = 500
IN_MEMORY_BYTES = 1_000_000
LONGEST_CELL = 32_767
WIDTHS = {"short": 14, "long": 60}
# What XML, and so a workbook, cannot hold.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


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


def workbook(rows: Iterable[Sequence[str]], *, title: str, widths: Sequence[str] = ()) -> IO[bytes]:
    """Return an open file with one sheet, its first row kept in sight. Close it after use.

    widths: "short" or "long" for each column.
    """
    from openpyxl import Workbook  # noqa: PLC0415 (heavy, and seldom needed)
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (idem)
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 (idem)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (idem)

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Loa")
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[width]
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value="")
            cell.value = _NOT_IN_XML.sub("", neutralise(text))[:LONGEST_CELL]
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = wrapped
            if number == 0:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller sends it, then closes it)
    book.save(file)
    file.seek(0)
    return file
