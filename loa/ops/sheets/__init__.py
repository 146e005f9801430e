"""Tables in files: CSV and XLSX, read row by row and written without formulas."""

from loa.ops.sheets.cells import neutralise, plain
from loa.ops.sheets.decoding import ENCODINGS, SEPARATORS, Form, guess
from loa.ops.sheets.errors import (
    EmptyFile,
    NotATable,
    OldWorkbook,
    TooBig,
    Unreadable,
    WrongEncoding,
)
from loa.ops.sheets.reading import is_workbook, rows_of
from loa.ops.sheets.workbooks import workbook
from loa.ops.sheets.writing import csv_file, csv_lines

__all__ = [
    "ENCODINGS",
    "SEPARATORS",
    "EmptyFile",
    "Form",
    "NotATable",
    "OldWorkbook",
    "TooBig",
    "Unreadable",
    "WrongEncoding",
    "csv_file",
    "csv_lines",
    "guess",
    "is_workbook",
    "neutralise",
    "plain",
    "rows_of",
    "workbook",
]
