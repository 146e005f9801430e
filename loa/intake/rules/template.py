"""The examples in the template: a post for one evening, and a thread without a time."""

from datetime import date, timedelta

from loa.intake.rules.columns import Column

CAPTIONS = {
    "vi": (
        "Tối nay quán có nhạc acoustic, mời cả nhà ghé chơi! #caphe",
        "Ba điều ít người biết về cà phê phin",
        "1. Nước sôi để nguội một phút.\n---\n2. Nén nhẹ tay thôi.",
        "Nhạc acoustic tối thứ Sáu",
        "Ly cà phê phin trên bàn gỗ",
        "Địa chỉ: 12 Bến Chương Dương",
        "tiếng Việt",
    ),
    "en": (
        "Live acoustic music tonight, come by! #coffee",
        "Three things few people know about phin coffee",
        "1. Let the water cool for a minute.\n---\n2. Press lightly.",
        "Acoustic Friday",
        "A phin coffee on a wooden table",
        "Address: 12 Bến Chương Dương",
        "English",
    ),
}


def example_rows(language: str, *, today: date, channel: str) -> list[list[str]]:
    """Return two rows that can be imported once the channel's name is right."""
    said = CAPTIONS.get(language, CAPTIONS["en"])
    caption, opening, parts, title, alt_text, comment, spoken = said
    day = today + timedelta(days=7)
    first = {
        Column.CHANNELS: channel,
        Column.DATE: f"{day:%d/%m/%Y}",
        Column.TIME: "19:30",
        Column.CAPTION: caption,
        Column.TITLE: title,
        Column.ALT_TEXTS: alt_text,
        Column.FIRST_COMMENT: comment,
        Column.LANGUAGE: spoken,
    }
    second = {Column.CHANNELS: channel, Column.CAPTION: opening, Column.PARTS: parts}
    columns = [column for column in Column if column != Column.FINDINGS]
    return [[row.get(column, "") for column in columns] for row in (first, second)]
