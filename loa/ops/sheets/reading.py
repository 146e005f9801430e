"""Read rows of text from a CSV or an XLSX, a few at a time."""

import csv
import io
import warnings
import zipfile
from collections.abc import Generator, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from loa.ops.sheets.cells import plain
from loa.ops.sheets.decoding import ENCODINGS, Form
from loa.ops.sheets.errors import EmptyFile, NotATable, TooBig, WrongEncoding

MOST_COLUMNS = 60
LONGEST_SHEET = 1_048_576
# What the parts of a workbook may unfold to: text first needs all strings of the book at once.
MOST_UNPACKED_BYTES = 200_000_000
MOST_STRINGS_BYTES = 64_000_000
MOST_PARTS = 2_000
MOST_RATIO = 300
RATIO_COUNTS_FROM_BYTES = 1_000_000
LONGEST_LINE = 2_000_000
_ZIP = b"PK\x03\x04"

type Row = tuple[int, tuple[str, ...]]


def is_workbook(file: BinaryIO) -> bool:
    """Say whether `file` is a zip that holds a workbook."""
    file.seek(0)
    if file.read(len(_ZIP)) != _ZIP:
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def rows_of(file: BinaryIO, *, form: Form | None) -> Generator[Row]:
    """Yield the rows that say something, each with its number in the file, beginning at 1.

    form: how a CSV is written; None for a workbook. Raises an Unreadable, at any row. Close it
    before the file when you stop early.
    """
    return _of_workbook(file) if form is None else _of_csv(file, form)


def _of_csv(file: BinaryIO, form: Form) -> Generator[Row]:
    if form.encoding not in ENCODINGS:
        raise WrongEncoding(form.encoding)
    file.seek(0)
    text = io.TextIOWrapper(file, form.encoding, newline="")
    reader = csv.reader(_lines(text), delimiter=form.separator)
    try:
        for row in reader:
            cells = tuple(plain(cell) for cell in row[:MOST_COLUMNS])
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise NotATable(str(error)) from None
    except UnicodeError:
        raise WrongEncoding(form.encoding) from None
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines as they are; a NUL is dropped."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise NotATable("a line without an end")
        yield line.replace("\x00", "")


def _of_workbook(file: BinaryIO) -> Generator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 (heavy, and seldom needed)

    _refuse_bombs(file)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that nobody asked for
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            if not book.worksheets:
                raise EmptyFile("no sheet")
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()
            found = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            for number, values in enumerate(found, start=1):
                if number > LONGEST_SHEET:
                    raise TooBig(f"row {number}")
                cells = [plain(_text(value)) for value in values]
                while cells and not cells[-1].strip():
                    cells.pop()
                if cells:
                    yield number, tuple(cells)
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError) as error:
        raise NotATable(str(error)) from None
    except (AttributeError, IndexError, EOFError) as error:  # a part that is not what it says
        raise NotATable(str(error)) from None


def _refuse_bombs(file: BinaryIO) -> None:
    """Judge by the archive's own table, which reading then keeps to."""
    file.seek(0)
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise NotATable("a broken archive") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise TooBig("the workbook unfolds to too much")
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > RATIO_COUNTS_FROM_BYTES and ratio > MOST_RATIO:
            raise TooBig(f"{part.filename} unfolds {ratio:.0f} times")
        if part.filename.endswith("sharedStrings.xml") and part.file_size > MOST_STRINGS_BYTES:
            raise TooBig("more text than fits")


def _text(value: object) -> str:
    """Return a cell's value as a person would type it."""
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _moment(value: datetime | date | time | timedelta) -> str:
    match value:
        case datetime():
            is_day = value.time() == time.min
            return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
