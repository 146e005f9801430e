"""What a document says once it goes out, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from loa.content.rules.document import Document, Part
from loa.content.rules.outgoing import (
    ALPHABET,
    CODE_CHARS,
    COMMENT,
    Going,
    GoingRule,
    code_from,
    going,
    links_of,
)
from loa.content.rules.utm import UtmRule

BASE = "https://go.tiem.vn/"
MARKS = GoingRule(utm=UtmRule())
COUNTS = GoingRule(utm=UtmRule(), base=BASE)
ABOUT = {"platform": "mastodon", "channel": "tiem", "campaign": "Tết", "post": "7"}


def goes(document: Document, rule: GoingRule, *, most: int = 5000) -> Going:
    return going(
        document,
        rule,
        about=ABOUT,
        code_of=lambda part, target: code_from(f"{part}{target}".encode().rjust(16)),
        fits=lambda text: len(text) <= most,
    )


def one(text: str) -> Document:
    return Document((Part(text),))


def test_only_the_links_change() -> None:
    made = goes(one("Xem https://tiem.vn/menu#trua. Gọi 0901."), MARKS)

    assert made.caption(0) == (
        "Xem https://tiem.vn/menu?utm_source=mastodon&utm_medium=social&utm_campaign=tet#trua."
        " Gọi 0901."
    )


def test_a_counted_link_keeps_where_it_leads_beside_it() -> None:
    made = goes(Document((Part("https://tiem.vn/"),), first_comment="https://tiệm.vn/phở"), COUNTS)
    first, comment = made.links

    assert made.caption(0) == f"{BASE}{first.code}"
    assert first.target.startswith("https://tiem.vn/?utm_source=mastodon")
    assert comment.part == COMMENT
    assert comment.target.isascii()
    assert made.document.first_comment == f"{BASE}{comment.code}"


def test_the_same_link_twice_in_a_part_is_one_link() -> None:
    made = goes(one("https://a.vn/ và https://a.vn/"), COUNTS)

    assert len(made.links) == 1
    assert made.caption(0).count(made.links[0].goes) == 2


def test_links_stay_as_written_where_there_is_no_room() -> None:
    text = "Xem https://a.vn/"

    made = goes(one(text), MARKS, most=len(text))

    assert made.caption(0) == text
    assert made.crowded == {0}
    assert [link.goes for link in made.links] == ["https://a.vn/"]


def test_sites_that_were_left_out_and_our_own_links_are_left_alone() -> None:
    only = GoingRule(utm=UtmRule(), base=BASE, only_hosts=("tiem.vn",), never_hosts=("m.tiem.vn",))
    text = f"https://shop.tiem.vn/ https://m.tiem.vn/ https://bao.vn/ {BASE}abcdefgh"

    first, *others = goes(one(text), only).links

    assert first.code
    assert not any(link.code for link in others)


def test_no_rule_changes_nothing_but_tells_the_links() -> None:
    document = one("https://a.vn/x")

    made = goes(document, GoingRule())

    assert made.document == document
    assert [(link.written, link.goes) for link in made.links] == [("https://a.vn/x",) * 2]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_a_text_without_links_goes_out_to_the_letter(texts: list[str]) -> None:
    document = Document(tuple(map(Part, texts)))
    if not links_of(document):
        assert goes(document, COUNTS).document == document


@given(st.binary(min_size=16, max_size=32))
def test_a_code_is_short_and_readable(digest: bytes) -> None:
    code = code_from(digest)

    assert len(code) == CODE_CHARS
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01lio")


def test_a_channel_may_be_called_differently() -> None:
    rule = GoingRule(utm=UtmRule(), own={7: UtmRule(source="facebook", medium="paid")})

    own = goes(one("https://a.vn/"), rule.on_channel(7)).caption(0)
    others = goes(one("https://a.vn/"), rule.on_channel(8)).caption(0)

    assert "utm_source=facebook&utm_medium=paid&utm_campaign=tet" in own
    assert "utm_source=mastodon&utm_medium=social" in others
    assert GoingRule(own=rule.own).on_channel(7).does_nothing
