"""UTM fields and addresses, without a database."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loa.content.rules.addresses import (
    LONGEST_ADDRESS,
    is_under,
    plain_host,
    read_address,
    to_ascii,
)
from loa.content.rules.utm import UtmRule, fields, marked, plain, unknown_places

FIELDS = (("utm_source", "mastodon"), ("utm_medium", "social"), ("utm_campaign", "tet-2027"))
names = st.text("abcxyz_", min_size=1, max_size=6)
values = st.text("abc123-._~", max_size=6)
queries = st.lists(st.builds("{}={}".format, names, values), max_size=4).map("&".join)
urls = st.builds(
    lambda scheme, host, path, query, fragment: (
        f"{scheme}://{host}{path}" + (f"?{query}" if query else "") + fragment
    ),
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["tiem.vn", "tiệmbánh.vn", "xn--bcher-kva.example", "a.b.example:8443"]),
    st.sampled_from(["", "/", "/phở/bò", "/a%20b", "/(x)"]),
    queries,
    st.sampled_from(["", "#", "#menu", "#a?b=c"]),
)


@given(urls)
def test_marking_twice_changes_nothing(url: str) -> None:
    once = marked(url, FIELDS)

    assert marked(once, FIELDS) == once
    assert marked(once, FIELDS, overwrites=True) == once


@given(urls)
def test_what_was_there_stays_to_the_letter_and_in_order(url: str) -> None:
    before, _hash, fragment = url.partition("#")
    after, hash_, kept = marked(url, FIELDS).partition("#")

    assert after.startswith(before)
    assert (hash_, kept) == (_hash, fragment)
    assert after.endswith("utm_source=mastodon&utm_medium=social&utm_campaign=tet-2027")


@given(urls, values)
def test_a_field_set_by_hand_stands_unless_told_otherwise(url: str, own: str) -> None:
    assume("#" not in url)
    by_hand = f"{url}{'&' if '?' in url else '?'}utm_source={own}"

    kept = dict(parse_qsl(urlsplit(marked(by_hand, FIELDS)).query, keep_blank_values=True))
    told = dict(parse_qsl(urlsplit(marked(by_hand, FIELDS, overwrites=True)).query))

    assert kept["utm_source"] == own
    assert kept["utm_campaign"] == "tet-2027"
    assert told["utm_source"] == "mastodon"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:ana@tiem.vn",
        "ftp://tiem.vn/a",
        "https://ana@tiem.vn/",
        "https://tiem.vn@evil.example/",
        "https://tiem.vn\\@evil.example/",
        "https://tiem.vn\u202e/",
        "https://tiem.vn/a b",
        "https://tiem.vn/\nSet-Cookie: a",
        "https:///no-host",
        "//tiem.vn/a",
        "https://tiem.vn/" + "a" * 8192,
        "",
    ],
)
def test_what_is_no_plain_web_address_is_left_alone(url: str) -> None:
    assert read_address(url) is None
    assert marked(url, FIELDS) == url


def test_a_link_that_would_become_too_long_stays_as_it_is() -> None:
    url = "https://tiem.vn/" + "a" * (LONGEST_ADDRESS - 20)

    assert marked(url, FIELDS) == url


def test_a_template_that_comes_out_empty_leaves_no_field() -> None:
    rule = UtmRule(source="{platform}", medium="social", campaign="{campaign}", content="")
    about = {"platform": "mastodon", "channel": "@Tiệm Bánh", "campaign": ""}

    assert fields(rule, about) == (("utm_source", "mastodon"), ("utm_medium", "social"))
    assert fields(UtmRule(source="{channel}-{campaign}"), about)[0] == ("utm_source", "tiem-banh")


def test_one_campaign_is_written_one_way() -> None:
    assert plain("Tết 2027") == plain("TẾT  2027!") == "tet-2027"
    assert plain("Đà Nẵng & Huế") == "da-nang-hue"
    assert unknown_places("{platform}-{brand}-{}") == ("brand", "")


def test_hosts_are_compared_as_machines_read_them() -> None:
    assert plain_host("Bücher.Example.") == "xn--bcher-kva.example"
    assert is_under("www.Tiem.vn", ("tiem.vn",))
    assert is_under("bücher.example", ("xn--bcher-kva.example",))
    assert not is_under("tiem.vn.evil.example", ("tiem.vn",))
    assert not is_under("motiem.vn", ("tiem.vn",))


@given(urls)
def test_an_address_that_travels_in_a_header_is_ascii_and_stays_so(url: str) -> None:
    address = read_address(url)
    assert address is not None

    plain_url = to_ascii(address)
    again = read_address(plain_url)

    assert plain_url.isascii()
    assert again is not None
    assert to_ascii(again) == plain_url
