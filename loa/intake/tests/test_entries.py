"""What an entry of a feed says, and when feeds are asked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.intake.rules.entries import (
    PLAIN_TEMPLATE,
    Entry,
    caption_of,
    entry_of,
    plain_text,
    web_address,
)
from loa.intake.rules.polling import EVERY, LONGEST_PAUSE, next_poll

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
BLOG = "https://blog.example/feed.xml"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Bánh <b>mì</b></p><p>nóng</p>", "Bánh mì\n\nnóng"),
        ("<script>alert(1)</script>Ngon<style>p{}</style>", "Ngon"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("<img src=x onerror=alert(1)>Ảnh", "Ảnh"),
        ("no\u0301ng", "nóng"),
        ("<p>chưa đóng", "chưa đóng"),
    ],
)
def test_html_is_read_as_a_reader_would(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "JaVaScRiPt:x",
        "",
        "//",
        "http://",
    ],
)
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    assert web_address(link, found_at="") == ""


def test_a_relative_link_belongs_to_its_feed() -> None:
    assert web_address("/bai-1", found_at=BLOG) == "https://blog.example/bai-1"


def test_the_first_picture_is_found_where_feeds_put_it() -> None:
    enclosed = {"enclosures": [{"type": "image/png", "href": "/a.png"}], "link": BLOG}
    inside = {"summary": "<p>x</p><img src='https://cdn.example/b.jpg'>"}

    assert entry_of(enclosed, feed_url=BLOG).image_url == "https://blog.example/a.png"
    assert entry_of(inside, feed_url=BLOG).image_url == "https://cdn.example/b.jpg"


def test_an_entry_without_a_name_is_known_by_its_words() -> None:
    first = entry_of({"title": "Một"}, feed_url=BLOG)

    assert first.guid == entry_of({"title": "Một"}, feed_url=BLOG).guid
    assert first.guid != entry_of({"title": "Hai"}, feed_url=BLOG).guid


def test_the_summary_gives_way_until_the_post_fits() -> None:
    entry = Entry("1", "Tiêu đề", "từ " * 200, "https://blog.example/1")

    caption = caption_of(entry, PLAIN_TEMPLATE, fits=lambda text: len(text) <= 120)

    assert len(caption) <= 120
    assert caption.startswith("Tiêu đề\n\ntừ từ")
    assert caption.endswith("…\n\nhttps://blog.example/1")


def test_what_an_entry_says_is_no_place_in_the_template() -> None:
    entry = Entry("1", "{link}{summary}", "bí mật", "https://blog.example/1")

    assert caption_of(entry, "{title}", fits=lambda _text: True) == "{link}{summary}"


@given(st.text(), st.text(), st.text())
def test_a_caption_always_comes_to_an_end(title: str, summary: str, template: str) -> None:
    entry = Entry("1", title, summary, "")

    assert isinstance(caption_of(entry, template, fits=lambda _text: False), str)


@given(st.text())
def test_any_html_becomes_text_without_tags_that_run(html: str) -> None:
    assert "\x00" not in plain_text(html)


def test_a_feed_that_fails_is_asked_less_and_less_but_once_a_day() -> None:
    pauses = [next_poll(NOW, failures=count, chance=0.5) - NOW for count in range(12)]

    assert pauses[0] == EVERY
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_feeds_are_spread_around_their_pause() -> None:
    soonest, latest = (next_poll(NOW, failures=0, chance=one) - NOW for one in (0.0, 1.0))

    assert soonest < EVERY < latest
