"""Links, mentions and hashtags are where the bytes say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.platforms.bluesky.facets import facets_of, handles_in
from loa.platforms.bluesky.tests.lexicons import SPEC

ANA = {"ana.example": "did:plc:ana", "alice.bsky.social": "did:plc:alice"}


def seen(caption: str) -> list[str]:
    """What the facets cover, cut out by bytes as a reader of the network does."""
    content = caption.encode()
    found: list[str] = []
    for facet in facets_of(caption, ANA):
        assert isinstance(facet, dict)
        index = facet["index"]
        assert isinstance(index, dict)
        start, end = index["byteStart"], index["byteEnd"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        found.append(content[start:end].decode())
    return found


# Copied from the collected facts: text, what is meant, first byte, byte after the last.
KNOWN = [
    ("Xin chào https://example.com/a nhé", "https://example.com/a", 10, 31),
    ("👩‍👩‍👧 #gia_đình vui", "#gia_đình", 19, 30),
    ("Chào @alice.bsky.social!", "@alice.bsky.social", 6, 24),
]


@pytest.mark.parametrize(("caption", "meant", "start", "end"), KNOWN)
def test_places_count_bytes(caption: str, meant: str, start: int, end: int) -> None:
    [facet] = facets_of(caption, ANA)

    assert seen(caption) == [meant]
    assert isinstance(facet, dict)
    assert facet["index"] == {"byteStart": start, "byteEnd": end}


def test_the_collected_vectors_hold() -> None:
    facts = SPEC.parent / "facts/text_and_upload_vectors.json"
    if not facts.exists():
        pytest.skip("the platform facts are not on this machine (set LOA_SPECS)")
    for vector in json.loads(facts.read_text(encoding="utf-8"))["bluesky_facets"]:
        [facet] = facets_of(vector["text"], ANA)
        assert isinstance(facet, dict)
        assert facet["index"] == vector["index"]


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ("#bánhmì #cà_phê", ["#bánhmì", "#cà_phê"]),
        ("Ngon quá #bánhmì!", ["#bánhmì"]),
        ("(#bánhmì)", ["#bánhmì"]),
        ("＃bánhmì", ["＃bánhmì"]),
        ("#2026 #tết2026", ["#tết2026"]),
        ("a#b &#39; ##c", []),
        ("# không", []),
        ("#☕ #❤️", ["#☕", "#❤️"]),
        ("#" + "ế" * 64, ["#" + "ế" * 64]),
        ("#" + "ế" * 65, []),
        ("@ana.example, chào", ["@ana.example"]),
        ("chào @ANA.example.", ["@ANA.example"]),
        ("thư: ana@ana.example", []),
        ("@nobody.example", []),
        ("@ana", []),
        ("https://a.vn/@ana.example#top", ["https://a.vn/@ana.example#top"]),
        ("https://a.vn/b, https://c.vn", ["https://a.vn/b", "https://c.vn"]),
        ("https://a.vn/b #c @ana.example", ["https://a.vn/b", "#c", "@ana.example"]),
        ("example.com", []),
        ("", []),
    ],
)
def test_only_what_is_meant_is_marked(caption: str, found: list[str]) -> None:
    assert seen(caption) == found


def test_each_handle_is_asked_for_once() -> None:
    assert handles_in("@Ana.example @ana.example @ben.example https://a.vn/@x.example") == (
        "ana.example",
        "ben.example",
    )


@given(st.text(alphabet="ab @#.ếđ👍🏽\u200d\u0301/:htps-1", max_size=80))
def test_facets_are_in_order_and_never_overlap(caption: str) -> None:
    end = 0
    for facet in facets_of(caption, ANA):
        assert isinstance(facet, dict)
        index = facet["index"]
        assert isinstance(index, dict)
        first, last = index["byteStart"], index["byteEnd"]
        assert isinstance(first, int)
        assert isinstance(last, int)
        assert end <= first < last <= len(caption.encode())
        end = last


def test_hostile_text_is_read_at_once() -> None:
    for bait in ("@" + "a." * 20_000, "#" * 20_000, "#" + "a" * 20_000, "@a" * 10_000):
        facets_of(bait, {})
