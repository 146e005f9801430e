"""Which column of a file means what, in Vietnamese and English, with or without accents."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from loa.kernel.text import fold, normalise


class Column(StrEnum):
    """What a column of a file says about a post. FINDINGS: what Loa wrote beside a row."""

    CHANNELS = "channels"
    DATE = "date"
    TIME = "time"
    CAPTION = "caption"
    TITLE = "title"
    CAMPAIGN = "campaign"
    IMAGES = "images"
    ALT_TEXTS = "alt_texts"
    FIRST_COMMENT = "first_comment"
    PARTS = "parts"
    LANGUAGE = "language"
    FINDINGS = "findings"


# Without these a row is no post. The order is the template's.
NEEDED = (Column.CHANNELS, Column.CAPTION)
LONG = frozenset({Column.CAPTION, Column.FIRST_COMMENT, Column.PARTS, Column.FINDINGS})

HEADERS: Mapping[str, Mapping[Column, str]] = {
    "vi": {
        Column.CHANNELS: "Kênh",
        Column.DATE: "Ngày",
        Column.TIME: "Giờ",
        Column.CAPTION: "Nội dung",
        Column.TITLE: "Tên bài",
        Column.CAMPAIGN: "Chiến dịch",
        Column.IMAGES: "Hình ảnh",
        Column.ALT_TEXTS: "Mô tả ảnh",
        Column.FIRST_COMMENT: "Bình luận đầu tiên",
        Column.PARTS: "Các phần tiếp theo",
        Column.LANGUAGE: "Ngôn ngữ",
        Column.FINDINGS: "Cần sửa",
    },
    "en": {
        Column.CHANNELS: "Channels",
        Column.DATE: "Date",
        Column.TIME: "Time",
        Column.CAPTION: "Caption",
        Column.TITLE: "Title",
        Column.CAMPAIGN: "Campaign",
        Column.IMAGES: "Images",
        Column.ALT_TEXTS: "Alt text",
        Column.FIRST_COMMENT: "First comment",
        Column.PARTS: "Thread parts",
        Column.LANGUAGE: "Language",
        Column.FINDINGS: "To mend",
    },
}
_NAMES: Mapping[Column, str] = {
    Column.CHANNELS: "kenh cackenh channel channels account accounts page pages trang tenkenh",
    Column.DATE: "ngay date day publishdate postdate ngaydang scheduleddate scheduledate",
    Column.TIME: "gio time hour thoigian giodang publishtime posttime scheduledtime luc",
    Column.CAPTION: "noidung caption text content message copy body baiviet post chuthich",
    Column.TITLE: "tenbai tieude title name ten",
    Column.CAMPAIGN: "chiendich campaign campaigns",
    Column.IMAGES: "hinhanh hinh anh image images picture pictures photo photos media imageurl"
    " linkanh",
    Column.ALT_TEXTS: "motaanh motahinhanh alt alttext alttexts imagedescription chuthichanh",
    Column.FIRST_COMMENT: "binhluandautien binhluandau firstcomment comment binhluan",
    Column.PARTS: "cacphantieptheo cacphan phan threadparts parts part thread chuoibai",
    Column.LANGUAGE: "ngonngu language lang",
    Column.FINDINGS: "cansua loi ghichuloi tomend errors error problem problems",
}
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names.split()}
_NUMBERED_PART = re.compile(r"(?:phan|part)(\d{1,2})")


def columns_of(header: Sequence[str]) -> tuple[Column | None, ...]:
    """Return what each column is; None for one that Loa does not use.

    Of two columns with one meaning the first counts, parts apart: "Part 2", "Part 3".
    """
    found: list[Column | None] = []
    for title in header:
        column = _column(title)
        is_repeated = column in found and column is not Column.PARTS
        found.append(None if is_repeated else column)
    return tuple(found)


def missing(columns: Sequence[Column | None]) -> tuple[Column, ...]:
    """Return the needed columns that are not there."""
    return tuple(column for column in NEEDED if column not in columns)


def by_column(
    columns: Sequence[Column | None], cells: Sequence[str]
) -> dict[Column, tuple[str, ...]]:
    """Return the cells of a row by what they say, in NFC and without blanks around them."""
    said: dict[Column, tuple[str, ...]] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is not None and (text := normalise(cell).replace("\x00", "").strip()):
            said[column] = (*said.get(column, ()), text)
    return said


def _column(title: str) -> Column | None:
    name = re.sub(r"[^a-z0-9]", "", fold(title))
    if _NUMBERED_PART.fullmatch(name):
        return Column.PARTS
    return _BY_NAME.get(name)
