"""A table as a file that spreadsheets open, and run nothing of. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula, wide forms included.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8, with the mark by which spreadsheets recognise it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutralised(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def neutralised(cell: str) -> str:
    """Return `cell` so that no spreadsheet runs it: as text, where it begins like a formula."""
    return f"'{cell}" if cell.lstrip("' \n").startswith(RUNS) else cell.replace("\x00", "")
