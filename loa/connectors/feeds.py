"""Fetch an RSS or Atom feed through the one way out, asking only for news.

The feed is a stranger's: how long it may be and how long it may take are bounded here, and
every redirect is judged anew by the egress.
"""

from dataclasses import dataclass
from http import HTTPStatus

from loa.connectors.contract import Flow, Request, ask
from loa.connectors.errors import Refused

TIMEOUT_S = 20.0
MAX_BYTES = 3_000_000
LONGEST_MARK = 1000


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """A feed as it came. etag, last_modified: to ask for news with the next time."""

    content: bytes
    content_type: str
    etag: str
    last_modified: str


def fetch_feed(url: str, *, etag: str = "", last_modified: str = "") -> Flow[FetchedFeed | None]:
    """Return the feed at `url`, None when nothing is new since the marks.

    Raises a ConnectorError: what the egress refuses, and `feed.status` for any other answer.
    """
    headers = {"Accept": "application/rss+xml, application/atom+xml, application/xml, text/xml"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    answer = yield from ask(
        Request("GET", url, headers=headers, timeout_s=TIMEOUT_S, max_answer_bytes=MAX_BYTES)
    )
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return None
    if answer.status != HTTPStatus.OK:
        raise Refused(
            f"the feed answered {answer.status}",
            platform="web",
            status=answer.status,
            code="feed.status",
        )
    return FetchedFeed(
        content=answer.content,
        content_type=answer.headers.get("content-type", ""),
        etag=_mark(answer.headers.get("etag", "")),
        last_modified=_mark(answer.headers.get("last-modified", "")),
    )


def _mark(value: str) -> str:
    """Return a mark that can be sent back; a strange one is forgotten rather than cut."""
    return value if len(value) <= LONGEST_MARK and value.isascii() and value.isprintable() else ""
