"""A website with a feed on this machine, which may misbehave."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from loa.connectors import transport

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Blog của Bến</title><link>https://blog.example/</link>
{items}</channel></rss>"""
ITEM = """<item><guid isPermaLink="false">{number}</guid><title>Bài {number}</title>
<link>https://blog.example/{number}</link>
<description>&lt;p&gt;Tóm tắt {number}&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
</item>"""


def rss(*numbers: int) -> bytes:
    """Return a feed with these entries, the newest first."""
    items = "".join(ITEM.format(number=number) for number in numbers)
    return RSS.format(items=items).encode()


def a_picture() -> bytes:
    """Return a small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "peru").save(content, "PNG")
    return content.getvalue()


@dataclass
class Website:
    """What the website answers, and what it was asked. pictures: by path, beside the feed."""

    origin: str = ""
    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    never_ends: bool = False
    pictures: dict[str, bytes] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the feed is."""
        return f"{self.origin}/feed.xml"


@contextmanager
def a_website(content: bytes = b"", **answers: Any) -> Iterator[Website]:
    """Run a website that Loa may reach, until the block ends."""
    website = Website(content=content, **answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            website.asked.append({name.lower(): value for name, value in self.headers.items()})
            etag = website.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            if self.path in website.pictures:
                self._say(website.pictures[self.path])
                return
            self.send_response(website.status)
            for name, value in website.headers.items():
                self.send_header(name, value)
            if not website.never_ends:
                self.send_header("Content-Length", str(len(website.content)))
                self.end_headers()
                self.wfile.write(website.content)
                return
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"<item>" * 10_000)
            except OSError:
                return

        def _say(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    website.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    transport.configure(allowed_origins=[website.origin])
    try:
        yield website
    finally:
        transport.configure()
        server.shutdown()
        server.server_close()
        thread.join()
