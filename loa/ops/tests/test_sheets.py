"""Tables in files: what is read from nasty ones, and what a spreadsheet cannot run."""

import io
import unicodedata
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from loa.ops import sheets
from loa.ops.sheets import Form

TEXT = "Kênh,Nội dung\r\nCà phê Bến,Ở đây phở bò Nguyễn vẫn ngon\r\n"
ROWS = [
    (1, ("Kênh", "Nội dung")),
    (2, ("Cà phê Bến", "Ở đây phở bò Nguyễn vẫn ngon")),
]
VIETNAMESE_TONES = "\u0300\u0301\u0303\u0309\u0323"


def as_windows_writes(text: str) -> bytes:
    """Write Vietnamese as Windows does: tones behind their letters."""
    apart = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marks[1:] if mark in VIETNAMESE_TONES), "")
        bare = marks.replace(tone, "", 1) if tone else marks
        apart.append(unicodedata.normalize("NFC", bare) + tone)
    return "".join(apart).encode("cp1258")


def read(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    file = io.BytesIO(content)
    form = None if sheets.is_workbook(file) else sheets.guess(file)
    return list(sheets.rows_of(file, form=form))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"], ids=str
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_is_recognised(encoding: str, separator: str) -> None:
    assert read(TEXT.replace(",", separator).encode(encoding)) == ROWS


def test_vietnamese_windows_is_told_from_western_windows() -> None:
    vietnamese = as_windows_writes(TEXT)
    western = "Canal;Légende\r\nCafé;perché così, déjà vu à l'hôtel\r\n".encode("cp1252")

    assert sheets.guess(io.BytesIO(vietnamese)) == Form("cp1258", ",")
    assert sheets.guess(io.BytesIO(western)) == Form("cp1252", ";")
    [_head, (_number, cells)] = read(vietnamese)
    assert unicodedata.normalize("NFC", cells[1]) == ROWS[1][1][1]


def test_a_long_utf8_file_is_not_taken_for_windows_by_its_first_part() -> None:
    text = "Kênh,Nội dung\n" + "Bến,phở\n" * 60_000

    assert sheets.guess(io.BytesIO(text.encode())).encoding == "utf-8-sig"
    assert len(read(text.encode())) == 60_001


def test_a_quoted_cell_keeps_its_lines_and_separators() -> None:
    [_head, (_number, cells)] = read(b'a,b\n"one\r\ntwo","x,y;""z"""\n')

    assert cells == ("one\r\ntwo", 'x,y;"z"')


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", sheets.EmptyFile),
        (b"\xef\xbb\xbf \r\n", sheets.EmptyFile),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, sheets.NotATable),
        (b"%PDF-1.7 ...", sheets.NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, sheets.OldWorkbook),
        (b"PK\x03\x04 broken", sheets.NotATable),
        (b"a,b\n" + bytes(range(256)), sheets.NotATable),
        (b'a,b\n"' + b"x" * 200_000, sheets.NotATable),
    ],
    ids=["empty", "blank", "png", "pdf", "xls", "zip", "binary", "open-quote"],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(content)


def test_the_wrong_encoding_is_a_sentence_not_a_crash() -> None:
    with pytest.raises(sheets.WrongEncoding):
        list(sheets.rows_of(io.BytesIO(b"a,b\n\xff\xfe"), form=Form("utf-8-sig", ",")))


def a_zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    bomb = a_zip(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"0" * 30_000_000)

    with pytest.raises(sheets.TooBig):
        read(bomb)


def test_a_workbook_that_is_none_inside_is_refused() -> None:
    with pytest.raises(sheets.NotATable):
        read(a_zip(xl__workbook_xml=b"<workbook"))


def test_a_workbook_gives_days_times_and_numbers_as_people_type_them() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["a", date(2026, 12, 1), time(19, 30), datetime(2026, 12, 1, 7, 5), 5.0])  # noqa: DTZ001
    sheet.append([None, None, "=1+1"])
    file = io.BytesIO()
    book.save(file)

    # A formula without a value that was computed before says nothing.
    assert read(file.getvalue()) == [(1, ("a", "2026-12-01", "19:30", "2026-12-01 07:05", "5"))]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\x00=", " =", "\n@", "＝"])
def test_no_cell_runs_in_a_spreadsheet(start: str) -> None:
    nasty = f"{start}HYPERLINK(1)"

    csv = b"".join(sheets.csv_lines([["head"], [nasty]])).decode("utf-8-sig")
    with sheets.workbook([["head"], [nasty]], title="x") as file:
        cell = load_workbook(file).worksheets[0]["A2"]

    assert csv.split("\r\n", 1)[1].lstrip('"').startswith("'")
    assert cell.value.startswith("'")
    assert cell.data_type == "s"


@given(st.text())
def test_what_is_neutralised_comes_back_as_it_was(text: str) -> None:
    kept = sheets.neutralise(text)

    assert sheets.plain(kept) in {text, text.replace("\x00", "")}
    is_number = kept.lstrip("-").replace(".", "", 1).isdecimal()
    assert is_number or not kept.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-5", "-5"),
        ("-5.2", "-5.2"),
        ("-5-5", "'-5-5"),
        ("--5", "'--5"),
        ("+5", "'+5"),
        (" =1", "' =1"),
        ("'=1", "''=1"),
        ("@a", "'@a"),
    ],
)
def test_a_number_alone_keeps_its_sign(text: str, cell: str) -> None:
    assert sheets.neutralise(text) == cell


def test_a_csv_file_is_what_its_lines_are() -> None:
    rows = [["Kênh", "=1"], *(["ben", f"{number}"] for number in range(1_200))]

    with sheets.csv_file(rows, separator=";") as file:
        assert file.read() == b"".join(sheets.csv_lines(rows, separator=";"))


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_table_written_as_csv_is_read_back(rows: list[list[str]]) -> None:
    written = [["Kênh", *row] for row in rows]

    content = b"".join(sheets.csv_lines(written, separator=";"))

    found = sheets.rows_of(io.BytesIO(content), form=Form("utf-8-sig", ";"))
    assert [list(cells) for _number, cells in found] == written
