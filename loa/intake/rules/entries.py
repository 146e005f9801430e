"""What an entry of a feed says, and the caption it becomes. Its HTML is only read, never kept."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from loa.kernel.text import normalise

LONGEST_TITLE = 300
LONGEST_SUMMARY = 2_000
LONGEST_LINK = 2_000
READ_CHARS = 200_000
PLACES = ("title", "summary", "link")
PLAIN_TEMPLATE = "{title}\n\n{summary}\n\n{link}"
_PLACE = re.compile(r"\{(title|summary|link)\}")
_BLANK_LINES = re.compile(r"\n{3,}")
_SILENT = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "math", "head"})
_LINES = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as plain text. guid: what the feed knows it by."""

    guid: str
    title: str
    summary: str
    link: str
    image_url: str = ""


def entry_of(raw: Mapping[str, object], *, feed_url: str) -> Entry:
    """Read an entry as the parser gives it; whatever is missing stays empty."""
    summary_html = _text(raw, "summary") or _content(raw)
    title = on_one_line(plain_text(_text(raw, "title")))[:LONGEST_TITLE]
    summary, first_image = _read_html(summary_html)
    link = web_address(_text(raw, "link"), found_at=feed_url)
    guid = _text(raw, "id") or link or hashlib.sha256(f"{title}\n{summary}".encode()).hexdigest()
    if not first_image:
        first_image = _read_html(_content(raw))[1]
    return Entry(
        guid=normalise(guid),
        title=title,
        summary=summary[:LONGEST_SUMMARY],
        link=link,
        image_url=web_address(_enclosed_image(raw) or first_image, found_at=link or feed_url),
    )


def key_of(feed_url: str, guid: str) -> str:
    """Return one name for an entry of a feed, for ever."""
    return hashlib.sha256(f"{feed_url}\n{guid}".encode("utf-8", "replace")).hexdigest()


def caption_of(entry: Entry, template: str, *, fits: Callable[[str], bool]) -> str:
    """Fill the template in once; when it is too long, the summary is what becomes shorter.

    What an entry says is never taken for a place in the template.
    """
    summary = entry.summary
    while True:
        caption = _filled(template, {"title": entry.title, "summary": summary, "link": entry.link})
        if not summary or fits(caption):
            return caption
        summary = _shorter(summary)


def plain_text(html: str) -> str:
    """Return what a reader would read of `html`."""
    return _read_html(html)[0]


def on_one_line(text: str) -> str:
    """Bring `text` onto one line."""
    return " ".join(text.split())


def web_address(link: str, *, found_at: str) -> str:
    """Return `link` as a web address; "" for one that runs, reads files, or is none."""
    try:
        address = urljoin(found_at, link.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_plain = parts.scheme in {"http", "https"} and bool(parts.hostname)
    has_blanks = any(mark.isspace() or not mark.isprintable() for mark in address)
    return address if link and is_plain and not has_blanks and len(address) <= LONGEST_LINK else ""


def _filled(template: str, said: Mapping[str, str]) -> str:
    text = _PLACE.sub(lambda place: said[place[1]], template)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def _shorter(summary: str) -> str:
    """Return a fifth less of it, ending at a word."""
    words = summary.rstrip("…").split(" ")
    kept = words[: len(words) * 4 // 5]
    return f"{' '.join(kept).rstrip('.,;: ')}…" if kept else ""


def _text(raw: Mapping[str, object], name: str) -> str:
    return _kept(raw.get(name))


def _content(raw: Mapping[str, object]) -> str:
    content = raw.get("content")
    first = content[0] if isinstance(content, list) and content else None
    return _kept(first.get("value") if isinstance(first, dict) else None)


def _kept(value: object) -> str:
    """Return a text without the halves of characters that no database takes."""
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _enclosed_image(raw: Mapping[str, object]) -> str:
    for name, address in (
        ("media_content", "url"),
        ("enclosures", "href"),
        ("media_thumbnail", "url"),
    ):
        listed = raw.get(name)
        for one in listed if isinstance(listed, list) else ():
            if not isinstance(one, dict):
                continue
            kind = str(one.get("type") or one.get("medium") or "")
            is_image = kind.startswith("image") or (name == "media_thumbnail" and not kind)
            if is_image and isinstance(one.get(address), str):
                return _kept(one[address])
    return ""


def _read_html(html: str) -> tuple[str, str]:
    """Return the words of `html` and the address of its first image."""
    reader = _Reader()
    reader.feed(html[:READ_CHARS])
    reader.close()
    text = normalise("".join(reader.words)).replace("\x00", "").replace("\xa0", " ")
    lines = [on_one_line(line) for line in text.split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip(), reader.image


class _Reader(HTMLParser):
    """Collects words, and the first image; what is never shown is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.image = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _LINES:
            self.words.append("\n")
        elif tag == "img" and not self.image:
            self.image = dict(attrs).get("src") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _LINES:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
