"""What an account posts, as RSS for whoever reads feeds."""

import re
from email.utils import formatdate
from html import escape
from xml.etree import ElementTree as ET

from aiohttp import web

from practice_network.accounts import Account
from practice_network.media import Medium
from practice_network.pages.visit import NotThere, Visit
from practice_network.posts import Post

_NEWEST = 20
_TITLE_CHARS = 80
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def show_rss(at: Visit) -> web.Response:
    """Return the newest posts of an account, without its answers to others."""
    account = at.network.accounts.find(at.request.match_info["handle"].lower())
    if account is None:
        raise NotThere
    posts = at.network.feeds.top_level(account.handle, now_ms=at.now_ms, limit=_NEWEST)
    document = ET.Element("rss", version="2.0")
    channel = ET.SubElement(document, "channel")
    _add(channel, "title", account.name)
    _add(channel, "link", f"{at.base_url}/@{account.handle}")
    _add(channel, "description", account.bio or account.name)
    _add(channel, "language", account.language)
    for post in posts:
        _add_item(channel, post, account, at)
    content = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    return web.Response(
        body=content,
        content_type="application/rss+xml",
        charset="utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _add_item(channel: ET.Element, post: Post, account: Account, at: Visit) -> None:
    item = ET.SubElement(channel, "item")
    address = f"{at.base_url}/p/{post.id}"
    _add(item, "title", _title(post.text) or account.name)
    _add(item, "link", address)
    _add(item, "guid", address)
    _add(item, "pubDate", formatdate(post.created_at / 1000, usegmt=True))
    # A description is HTML inside XML: what the text says must survive both.
    _add(item, "description", escape(post.text).replace("\n", "<br>"))
    media = [at.network.gallery.find(one) for one in post.media_ids[:1]]
    for medium in media:
        ET.SubElement(item, "enclosure", _enclosed(medium, at))


def _title(text: str) -> str:
    """Return the first line, cut between two words when it is long."""
    line = text.strip().split("\n")[0]
    if len(line) <= _TITLE_CHARS:
        return line
    return line[:_TITLE_CHARS].rpartition(" ")[0].rstrip(" ,.:;“") + "…"


def _enclosed(medium: Medium, at: Visit) -> dict[str, str]:
    return {
        "url": f"{at.base_url}/media/{medium.id}",
        "type": medium.mime_type,
        "length": str(medium.size_bytes),
    }


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("", text)
