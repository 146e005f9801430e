"""The pages people look at."""

import re
import tomllib
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from importlib.resources import files
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest

from practice_network.client import Opened
from practice_network.pages.cards import rich
from practice_network.pages.markup import element
from practice_network.testing import Running

MORNING = "2026-09-07T07:30:00+07:00"


@pytest.fixture
def cafe(practice: Running) -> Opened:
    practice.client.set_clock(now=MORNING, speed=0)
    return practice.client.open_account("quan_nho", name="Quán Nhỏ", followers=2000)


class Page:
    """One answer, read."""

    def __init__(self, answered: HTTPResponse) -> None:
        self.status = answered.status
        self.headers = {name.lower(): value for name, value in answered.getheaders()}
        self.html = answered.read().decode()


def visit(
    practice: Running, path: str, *, form: dict[str, str] | None = None, **headers: str
) -> Page:
    connection = HTTPConnection(urlsplit(practice.base_url).netloc, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if form is None:
        connection.request("GET", path, headers=sent)
    else:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(form), {**kind, **sent})
    page = Page(connection.getresponse())
    connection.close()
    return page


class Outline(HTMLParser):
    """Collects what a browser would load, and every attribute that could run something."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.active: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"img", "script", "iframe"} or (tag == "link"):
            self.loaded.append(str(given.get("src") or given.get("href")))
        self.active += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "script":
            self.active.append(tag)
        if tag not in {"img", "input", "link", "meta", "br", "path", "circle"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_both_languages_say_everything() -> None:
    raw = tomllib.loads(files("practice_network.pages").joinpath("words.toml").read_text("utf-8"))

    def holes(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    plain = {key for key in raw["en"] if not key.endswith("_one")}
    assert set(raw["vi"]) == plain
    assert all(holes(raw["vi"][key]) == holes(raw["en"][key]) for key in plain)


@pytest.mark.parametrize(
    ("wanted", "language", "title"),
    [
        ("vi-VN,vi;q=0.9", "vi", "Bảng tin"),
        ("en-GB,en;q=0.8,vi;q=0.3", "en", "Feed"),
        ("fr;q=1, vi;q=0.2", "vi", "Bảng tin"),
        ("", "vi", "Bảng tin"),
    ],
)
def test_the_page_speaks_the_browsers_language(
    practice: Running, wanted: str, language: str, title: str
) -> None:
    page = visit(practice, "/", Accept_Language=wanted)

    assert f'<html lang="{language}">' in page.html
    assert f"<h1>{title}</h1>" in page.html


def test_the_reader_may_switch_and_stays_in_that_language(practice: Running) -> None:
    switched = visit(practice, "/?lang=en", Accept_Language="vi")
    cookie = switched.headers["set-cookie"].split(";")[0]

    later = visit(practice, "/ledger", Accept_Language="vi", Cookie=cookie)

    assert '<html lang="en">' in switched.html
    assert '<html lang="en">' in later.html


def test_a_post_is_shown_with_its_thread_and_counts(practice: Running, cafe: Opened) -> None:
    client = practice.client
    made = client.post(cafe.access_code, "Sáng nay bạn chọn ly nào?")
    client.post(cafe.access_code, "Phần hai đây", reply_to=made["id"])
    client.set_clock(advance_s=86_400)
    comment = client.call("GET", f"/posts/{made['id']}/replies")["posts"][-1]

    page = visit(practice, f"/p/{made['id']}")

    assert page.status == 200
    assert page.html.index("Sáng nay bạn chọn ly nào?") < page.html.index("Phần hai đây")
    assert page.html.index("Phần hai đây") < page.html.index(f"@{comment['author']}")
    assert re.search(r"\d+ lượt thích", page.html)
    assert "07:30 · Thứ hai, 7/9/2026" in page.html


@pytest.mark.parametrize("path", ["/", "/@quan_nho", "/p/100001", "/ledger", "/new"])
def test_every_page_is_well_formed_and_loads_nothing_from_elsewhere(
    practice: Running, cafe: Opened, path: str
) -> None:
    practice.client.post(cafe.access_code, "Chào cả nhà https://quan.example #caphe @ban")
    practice.client.set_clock(advance_s=86_400)

    page = visit(practice, path)
    outline = Outline()
    outline.feed(page.html)

    assert page.status == 200
    assert outline.open == []
    assert outline.active == []
    assert all(address.startswith("/") for address in outline.loaded)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt; </div></article>"],
)
def test_what_people_write_is_shown_and_never_run(
    practice: Running, cafe: Opened, text: str
) -> None:
    made = practice.client.post(cafe.access_code, text)

    for path in (f"/p/{made['id']}", "/", "/ledger"):
        outline = Outline()
        outline.feed(visit(practice, path).html)
        assert outline.active == []
        assert outline.open == []


def test_links_mentions_and_hashtags_are_marked() -> None:
    html = rich("Ghé https://quan.example/a?b=1. Cùng @Linh.N042 nhé #càphê, không phải a@b.c")

    assert 'href="https://quan.example/a?b=1"' in html
    assert '<a href="/@linh.n042">@Linh.N042</a>' in html
    assert '<span class="tag">#càphê</span>' in html
    assert html.count("<a ") == 2


def test_an_attribute_cannot_break_out() -> None:
    html = element("a", "x", title='"><script>', hidden=True, lang=None)

    assert html == '<a title="&quot;&gt;&lt;script&gt;" hidden>x</a>'


def test_people_of_the_audience_have_a_page(practice: Running, cafe: Opened) -> None:
    practice.client.post(cafe.access_code, "Sáng nay bạn chọn ly nào?")
    practice.client.set_clock(advance_s=86_400)
    said = practice.client.call("GET", "/admin/remarks")["remarks"][0]

    page = visit(practice, f"/@{said['author']}")

    assert page.status == 200
    assert "người xem mô phỏng" in page.html


@pytest.mark.parametrize("path", ["/p/7", "/@nobody", "/nowhere", "/media/m9"])
def test_what_is_not_there_is_said_with_a_page(practice: Running, path: str) -> None:
    page = visit(practice, path)

    assert page.status == 404
    assert "Không tìm thấy" in page.html


def test_an_account_can_be_opened_from_its_page(practice: Running) -> None:
    form = {"handle": "quan_moi", "name": "Quán Mới", "followers": "500"}

    page = visit(practice, "/new", form=form, Origin=practice.base_url)
    code = re.search(r"\b[a-z0-9]{5}(-[a-z0-9]{5}){4}\b", page.html)

    assert code is not None
    me = practice.client.call("GET", "/me", access_code=code[0])
    assert me["handle"] == "quan_moi"
    assert "no-store" in page.headers["cache-control"]


def test_a_taken_handle_is_said_and_what_was_typed_is_kept(practice: Running, cafe: Opened) -> None:
    form = {"handle": cafe.handle, "name": "Quán Khác"}

    page = visit(practice, "/new", form=form, Origin=practice.base_url)

    assert page.status == 422
    assert "Tên này đã có người dùng." in page.html
    assert 'value="Quán Khác"' in page.html


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_form_of_another_site_opens_nothing(practice: Running, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}

    page = visit(practice, "/new", form={"handle": "quan_moi"}, **headers)

    assert page.status == 403
    assert practice.client.call("GET", "/admin/accounts")["accounts"] == []


def test_a_rebound_name_sees_neither_ledger_nor_admin(practice: Running) -> None:
    page = visit(practice, "/ledger", Host="evil.example")
    admin = visit(practice, "/api/v1/admin/accounts", Host="evil.example")

    assert page.status == 403
    assert admin.status == 403


def test_a_picture_is_served_as_it_came_and_can_run_nothing(
    practice: Running, cafe: Opened
) -> None:
    gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;<script>"
    medium = practice.client.upload(cafe.access_code, gif)
    connection = HTTPConnection(urlsplit(practice.base_url).netloc, timeout=10)
    connection.request("GET", f"/media/{medium['id']}")

    answered = connection.getresponse()

    assert answered.read() == gif
    assert answered.headers["content-type"] == "image/gif"
    assert "sandbox" in answered.headers["content-security-policy"]
    assert answered.headers["x-content-type-options"] == "nosniff"
    connection.close()


def test_what_an_account_posts_is_a_feed(practice: Running, cafe: Opened) -> None:
    first = practice.client.post(
        cafe.access_code, "Bạc xỉu < sữa đá & phin\nMai mở lúc 6:30 \x07👨‍👩‍👧"
    )
    practice.client.post(cafe.access_code, "Đặt ở đây nhé", reply_to=first["id"])

    page = visit(practice, "/@quan_nho/feed.xml")

    assert page.headers["content-type"].startswith("application/rss+xml")
    [item] = ET.fromstring(page.html.encode()).findall("channel/item")  # noqa: S314 -- our own
    assert item.findtext("title") == "Bạc xỉu < sữa đá & phin"
    said = "Bạc xỉu &lt; sữa đá &amp; phin<br>Mai mở lúc 6:30 👨‍👩‍👧"
    assert item.findtext("description") == said
    assert item.findtext("link") == f"{practice.base_url}/p/{first['id']}"
    assert item.findtext("pubDate") == "Mon, 07 Sep 2026 00:30:00 GMT"
    assert visit(practice, "/@nobody/feed.xml").status == 404


def test_a_long_first_line_is_cut_between_words_in_the_feed(
    practice: Running, cafe: Opened
) -> None:
    practice.client.post(cafe.access_code, f"{'phin ' * 15}cà phê sữa đá")

    page = visit(practice, "/@quan_nho/feed.xml")

    [item] = ET.fromstring(page.html.encode()).findall("channel/item")  # noqa: S314 -- our own
    assert item.findtext("title") == f"{'phin ' * 15}cà…"
