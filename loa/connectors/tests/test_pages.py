"""A stranger's page gives a card, or nothing; it never breaks a post."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.contract import Answer
from loa.connectors.errors import NotSent, Refused
from loa.connectors.pages import Page, fetch_page, fetch_picture, read_page
from loa.connectors.replay import replay

URL = "https://riverside.example/thuc-don?utm_source=loa"
HTML = {"content-type": "text/html; charset=utf-8"}


def read(html: str) -> Page | None:
    return read_page(html, url=URL, found_at="https://riverside.example/vi/thuc-don")


def test_a_page_is_shown_as_it_describes_itself() -> None:
    page = read(
        '<meta property="og:title" content="Thực &amp; đơn">'
        '<meta name="description" content=" a\n b ">'
        '<meta property="og:image" content="../anh.png"><title>x</title>'
    )

    assert page == Page(URL, "Thực & đơn", "a b", "https://riverside.example/anh.png")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> Một \n trang </title>", "Một trang"),
        ("<TITLE>Hai</TITLE>", "Hai"),
        ('<meta name="twitter:title" content="Ba"><title>x</title>', "Ba"),
        ('<meta property="og:title" content=""><title>Bốn</title>', "Bốn"),
        ("<title>Be\u0301</title>", "Bé"),
        ("<title>" + "a" * 400 + "</title>", "a" * 299 + "…"),
        ("<title>a\0\u202eb</title>", "ab"),
    ],
)
def test_a_title_is_one_clean_line(html: str, title: str) -> None:
    page = read(html)

    assert page is not None
    assert page.title == title


@pytest.mark.parametrize("html", ["", "<p>no title</p>", "<title> </title>", "\0\0", "<" * 5000])
def test_a_page_without_a_title_gives_no_card(html: str) -> None:
    assert read(html) is None


@pytest.mark.parametrize(
    "image", ["javascript:alert(1)", "data:image/png;base64,xx", "http://[", ""]
)
def test_a_picture_is_taken_from_the_web_only(image: str) -> None:
    page = read(f'<title>a</title><meta property="og:image" content="{image}">')

    assert page is not None
    assert page.image_url == ""


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, None, HTML, "<title>a</title>"),
        Answer(200, None, {"content-type": "application/pdf"}, "<title>a</title>"),
        Answer(200, {"title": "a"}, {"content-type": "application/json"}),
        NotSent("no", platform="test", code="network.timeout"),
        Refused("no", platform="test", code="egress.blocked"),
    ],
)
def test_whatever_goes_wrong_there_is_only_no_card(answer: Answer | Exception) -> None:
    page, _ = replay(fetch_page(URL), [answer])

    assert page is None


@pytest.mark.parametrize(
    ("content", "mime_type"),
    [
        (b"\x89PNG\r\n\x1a\n123", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"<svg onload=alert(1)>", None),
        (b"", None),
    ],
)
def test_a_picture_is_what_its_bytes_say(content: bytes, mime_type: str | None) -> None:
    answer = Answer(200, None, {"content-type": "image/png"}, content=content)

    picture, [request] = replay(fetch_picture("https://a.example/b", max_bytes=99), [answer])

    assert (picture.mime_type if picture else None) == mime_type
    assert request.max_answer_bytes == 99


@given(st.text(alphabet="<>/=\"' metaile!-&#;ếà\0", max_size=300))
def test_no_markup_breaks_the_reader(html: str) -> None:
    page = read(html)

    assert page is None or page.title
