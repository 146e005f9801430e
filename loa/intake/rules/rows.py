"""What a row asks for, read from its cells. What cannot be read is a finding, never lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from loa.content.rules.findings import Finding, Severity
from loa.intake.rules.columns import Column
from loa.kernel.text import fold

FIRST_YEAR, LAST_YEAR = 2000, 2098
MOST_IMAGES = 60
LONGEST_TITLE = 160
LONGEST_CAMPAIGN = 80
PART_ENDS = re.compile(r"\n\s*-{3,}\s*\n")
BETWEEN = re.compile(r"\s*[\n|]\s*")
LANGUAGES = {
    "vi": "vi vie vietnamese tiengviet viet vn",
    "en": "en eng english tienganh anh",
    "fr": "fr french tiengphap phap",
    "de": "de german tiengduc duc",
    "ja": "ja jp japanese tiengnhat nhat",
    "ko": "ko kr korean tienghan han",
    "zh": "zh cn chinese tiengtrung trung",
    "th": "th thai tiengthai",
}
_LANGUAGE = {name: code for code, names in LANGUAGES.items() for name in names.split()}
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hg.]|gio)\s*(\d{2})?\s*(?::\d{2}(?:\.\d+)?)?\s*p?(am|pm)?")
_HOUR = re.compile(r"(\d{1,2})\s*(am|pm)")
_SERIAL = re.compile(r"[3-8]\d{4}(?:\.\d+)?")
_FRACTION = re.compile(r"0?\.\d+")
# Day 0 of a spreadsheet that believes in 29 February 1900.
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (local times carry no zone)
NOON, DAY_MINUTES = 12, 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row asks for, in its own words.

    captions: of the parts, in order. images: names in the library, or addresses.
    """

    channels: str = ""
    at: datetime | None = None
    captions: tuple[str, ...] = ("",)
    title: str = ""
    campaign: str = ""
    images: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()
    first_comment: str = ""
    language: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """The images that must be fetched."""
        return tuple(one for one in self.images if is_address(one))


def read_row(said: Mapping[Column, tuple[str, ...]]) -> Asked:
    """Return what the cells of a row ask for."""

    def first(column: Column) -> str:
        return said.get(column, ("",))[0]

    at, about_time = _moment(first(Column.DATE), first(Column.TIME))
    language, about_language = _language(first(Column.LANGUAGE))
    parts = [part for cell in said.get(Column.PARTS, ()) for part in PART_ENDS.split(cell)]
    images = _list(first(Column.IMAGES))
    alt_texts = tuple(BETWEEN.split(first(Column.ALT_TEXTS))) if images else ()
    found = [*about_time, *about_language]
    if len(images) > MOST_IMAGES:
        found.append(_block("row.many_images", count=len(images), limit=MOST_IMAGES))
    return Asked(
        channels=first(Column.CHANNELS),
        at=at,
        captions=(first(Column.CAPTION), *(part.strip() for part in parts if part.strip())),
        title=first(Column.TITLE)[:LONGEST_TITLE],
        campaign=first(Column.CAMPAIGN)[:LONGEST_CAMPAIGN],
        images=images[:MOST_IMAGES],
        alt_texts=alt_texts[: len(images)],
        first_comment=first(Column.FIRST_COMMENT),
        language=language,
        findings=tuple(found),
    )


def is_address(image: str) -> bool:
    """Say whether an image is named by an address rather than by its name in the library."""
    return image.lower().startswith(("http://", "https://"))


def read_day(text: str) -> date | None:
    """Return the day that `text` names: 2026-12-01, 1/12/2026 (the day first), a serial number."""
    text = text.strip()
    if _SERIAL.fullmatch(text):
        return (_SERIAL_ZERO + timedelta(days=float(text))).date()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(one) for one in found.groups())
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(one) for one in found.groups())
        year += 2000 if year < 100 else 0  # noqa: PLR2004 (26 is 2026)
    else:
        return None
    try:
        read = date(year, month, day)
    except ValueError:
        return None
    return read if FIRST_YEAR <= year <= LAST_YEAR else None


def read_clock(text: str) -> time | None:
    """Return the time of day: 19:30, 19h30, 19h, 7:30 PM, or a fraction of a day."""
    text = fold(text).replace("sa", "am").replace("ch", "pm").strip()
    if _FRACTION.fullmatch(text) or text in {"0", "0.0"}:
        minutes = round(float(text) * DAY_MINUTES) % DAY_MINUTES
        return time(minutes // 60, minutes % 60)
    if found := _HOUR.fullmatch(text):
        hour, minute, half = int(found[1]), 0, found[2]
    elif found := _CLOCK.fullmatch(text):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    else:
        return None
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _moment(day: str, clock: str) -> tuple[datetime | None, list[Finding]]:
    if not day:
        return None, [_block("row.day_missing")] if clock else []
    if not clock:
        day, clock = _apart(day)
    read = read_day(day)
    if read is None:
        return None, [_block("row.day_unread", text=day[:40])]
    if not clock:
        return None, [_block("row.time_missing")]
    # A cell may hold the whole moment although the column is for the time alone.
    at = read_clock(clock) or read_clock(_apart(clock)[1])
    if at is None:
        return None, [_block("row.time_unread", text=clock[:40])]
    return datetime.combine(read, at), []


def _apart(text: str) -> tuple[str, str]:
    """Return day and time of "2026-12-01 19:30", "1/12/2026 7:30 PM" or a serial number."""
    text = text.strip()
    if _SERIAL.fullmatch(text) and "." in text:
        whole, _, rest = text.partition(".")
        return whole, f"0.{rest}"
    if found := re.fullmatch(r"(\S+?)(?:T|,?\s+)(\d.*)", text):
        return found[1], found[2]
    return text, ""


def _language(text: str) -> tuple[str, list[Finding]]:
    if not text:
        return "", []
    code = _LANGUAGE.get(re.sub(r"[^a-z]", "", fold(text).partition("-")[0]))
    if code:
        return code, []
    return "", [Finding("row.language_unknown", Severity.WARN, values={"text": text[:40]})]


def _list(text: str) -> tuple[str, ...]:
    return tuple(one for one in BETWEEN.split(text) if one)


def _block(code: str, **values: str | int) -> Finding:
    return Finding(code, Severity.BLOCK, values=values)
