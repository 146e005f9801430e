"""In which encoding and with which separator a CSV was written: a guess a person may correct."""

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loa.ops.sheets.errors import EmptyFile, NotATable, OldWorkbook, WrongEncoding

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258", "cp1252")
SEPARATORS = (",", ";", "\t")
SAMPLE_BYTES = 262_144
CHUNK_BYTES = 1_000_000
# How many of a hundred bytes are NUL when western text is written in two bytes a letter.
NUL_SHARE = 0.2

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")
# Letters that Vietnamese has and western European languages do not.
_VIETNAMESE = frozenset("ăđơưĂĐƠƯ") | {chr(point) for point in range(0x1EA0, 0x1EFA)}
_ALSO_VIETNAMESE = _VIETNAMESE | frozenset("ĩũĨŨœŒ")
_FIRST_BEYOND_WESTERN, _LAST_COMPOSED = 0x100, 0x1EFF


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV is written."""

    encoding: str
    separator: str


def guess(file: BinaryIO) -> Form:
    """Return how `file` seems to be written; EmptyFile, OldWorkbook or NotATable for no CSV."""
    file.seek(0)
    sample = file.read(SAMPLE_BYTES)
    if not sample.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise EmptyFile("nothing in it")
    if sample.startswith(_OLD_WORKBOOK):
        raise OldWorkbook("an OLE file")
    if sample.startswith(_OTHERS):
        raise NotATable("another kind of file")
    encoding = _encoding(sample, file)
    return Form(encoding, separator_of(_readable(sample, encoding)))


def decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the text of `file` piece by piece; WrongEncoding where it cannot be that."""
    if encoding not in ENCODINGS:
        raise WrongEncoding(encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK_BYTES):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeError:
        raise WrongEncoding(encoding) from None


def separator_of(text: str) -> str:
    """Return what separates the columns of the first line that says something."""
    line = next((one for one in text.splitlines() if one.strip()), "")
    outside = "".join(part for number, part in enumerate(line.split('"')) if number % 2 == 0)
    return max(SEPARATORS, key=lambda mark: (outside.count(mark), -SEPARATORS.index(mark)))


def _encoding(sample: bytes, file: BinaryIO) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not sample.startswith(codecs.BOM_UTF8):
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if odd > NUL_SHARE * len(sample) / 2 and even < odd / 4:
            return "utf-16-le"
        if even > NUL_SHARE * len(sample) / 2 and odd < even / 4:
            return "utf-16-be"
    if b"\x00" in sample:
        raise NotATable("bytes that are no text")
    try:
        for _piece in decoded(file, "utf-8-sig"):
            pass
    except WrongEncoding:
        return _of_windows(sample)
    return "utf-8-sig"


def _of_windows(sample: bytes) -> str:
    """Return the Vietnamese or the western one, by which reads more like what people write."""
    controls = sum(byte < 0x20 and byte not in b"\t\r\n" for byte in sample)  # noqa: PLR2004
    if controls > len(sample) / 100:
        raise NotATable("bytes that are no text")
    text = unicodedata.normalize("NFC", sample.decode("cp1258", errors="replace"))
    vietnamese = sum(mark in _VIETNAMESE for mark in text)
    # A tone that stands on nothing, or on a letter that carries none in Vietnamese.
    stray = sum(
        bool(unicodedata.combining(mark))
        or (
            _FIRST_BEYOND_WESTERN <= ord(mark) <= _LAST_COMPOSED
            and mark.isalpha()
            and mark not in _ALSO_VIETNAMESE
        )
        for mark in text
    )
    return "cp1258" if vietnamese > 2 * stray else "cp1252"


def _readable(sample: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(sample)
