"""Fetch a web page to show it as a link card, through the one way out.

The page is a stranger's: everything read from it is bounded, and only its words and one
picture's address are taken.
"""

import contextlib
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urljoin

from loa.connectors.contract import Flow, Request, ask
from loa.connectors.errors import ConnectorError
from loa.kernel.text import normalise

PAGE_TIMEOUT_S = 10.0
PAGE_MAX_BYTES = 3_000_000
# What stands in a head is at the front; a longer text is a page, not its description.
READ_CHARS = 400_000
TITLE_CHARS = 300
DESCRIPTION_CHARS = 1000
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says about itself. url: the address it was asked under, UTM fields and all."""

    url: str
    title: str
    description: str = ""
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A small image from elsewhere. mime_type: by its first bytes, not by its header."""

    content: bytes
    mime_type: str


def fetch_page(url: str) -> Flow[Page | None]:
    """Return what the page at `url` says about itself, None when it cannot be had.

    A card is an ornament: whatever goes wrong, the post goes out without it.
    """
    headers = {"Accept": "text/html,application/xhtml+xml"}
    try:
        answer = yield from ask(
            Request(
                "GET",
                url,
                headers=headers,
                timeout_s=PAGE_TIMEOUT_S,
                max_answer_bytes=PAGE_MAX_BYTES,
            )
        )
    except ConnectorError:
        return None
    if answer.status != HTTPStatus.OK or "html" not in answer.headers.get("content-type", ""):
        return None
    return read_page(answer.text, url=url, found_at=answer.url or url)


def fetch_picture(url: str, *, max_bytes: int) -> Flow[Picture | None]:
    """Return the picture at `url`, None when there is none, or one that is too large."""
    try:
        answer = yield from ask(
            Request(
                "GET",
                url,
                headers={"Accept": "image/jpeg,image/png,image/webp,image/gif"},
                timeout_s=PAGE_TIMEOUT_S,
                max_answer_bytes=max_bytes,
            )
        )
    except ConnectorError:
        return None
    mime_type = picture_type(answer.content)
    if answer.status != HTTPStatus.OK or not mime_type:
        return None
    return Picture(answer.content, mime_type)


def picture_type(content: bytes) -> str:
    """Return the type of a picture by its first bytes; empty for anything else."""
    for magic, mime_type in _MAGIC:
        if content.startswith(magic):
            return mime_type
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return "image/webp" if is_webp else ""


def read_page(html: str, *, url: str, found_at: str) -> Page | None:
    """Return what `html` says about itself, None when it does not even have a title.

    found_at: where the page was in the end; its picture's address may be relative to it.
    """
    head = _Head()
    head.feed(html[:READ_CHARS])
    title = _line(head.first("og:title", "twitter:title") or "".join(head.title), TITLE_CHARS)
    if not title:
        return None
    description = head.first("og:description", "twitter:description", "description")
    image = head.first("og:image:secure_url", "og:image:url", "og:image", "twitter:image")
    return Page(
        url=url,
        title=title,
        description=_line(description, DESCRIPTION_CHARS),
        image_url=_absolute(found_at, image),
    )


class _Head(HTMLParser):
    """Collects the title and the meta properties of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self._properties: dict[str, str] = {}
        self._in_title = False

    def first(self, *names: str) -> str:
        """Return the first of `names` that the page gives."""
        return next((self._properties[name] for name in names if self._properties.get(name)), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" and not self.title:
            self._in_title = True
        elif tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = (given.get("property") or given.get("name") or "").strip().lower()
            self._properties.setdefault(name, given.get("content", "").strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)


def _line(text: str, most: int) -> str:
    """Bring `text` onto one line of at most `most` characters, without what cannot be kept."""
    kept = "".join(char for char in text if char == " " or char.isprintable() or char.isspace())
    line = " ".join(normalise(kept).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _absolute(found_at: str, image: str) -> str:
    if not image:
        return ""
    with contextlib.suppress(ValueError):
        absolute = urljoin(found_at, image)
        if absolute.startswith(("https://", "http://")):
            return absolute
    return ""
