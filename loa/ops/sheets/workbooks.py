"""Write rows as XLSX, through a file on the disk. No cell is ever a formula."""

import re
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

from loa.ops.sheets.cells import neutralise

LONGEST_CELL = 32_767
WIDTHS = {"short": 14, "long": 60}
# What XML, and so a workbook, cannot hold.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


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
