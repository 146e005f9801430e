"""What stands against publishing, as a person meets it."""

import unicodedata
from dataclasses import replace
from datetime import date, timedelta

import pytest

from loa.connectors.contract import Capability, ImageRules, Limits, TextRules, TextUnit
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.findings import Finding, Place, Severity, blocks
from loa.content.rules.preflight import check
from loa.content.rules.wording import Earlier, bare_links
from loa.library.rules.fitting import AssetFacts
from loa.library.rules.rights import Agreed, Rights

LIMITS = Limits(
    text=TextRules(max_chars=20, unit=TextUnit.GRAPHEMES, max_bytes=60),
    images=ImageRules(
        max_count=2,
        max_bytes=1_000_000,
        mime_types=("image/jpeg", "image/png"),
        max_alt_chars=10,
        max_pixels=4_000_000,
    ),
    max_parts=3,
)
MONDAY = date(2026, 3, 2)
ALL = frozenset(Capability)
PHOTO = AssetFacts("image/jpeg", 500_000, 1600, 1200, alt_text="A loaf")


def found(document: Document, **given: object) -> dict[str, Finding]:
    arguments = {"limits": LIMITS, "capabilities": ALL, "assets": {}, "on": MONDAY, **given}
    return {one.code: one for one in check(document, **arguments)}  # type: ignore[arg-type]


def saying(*captions: str) -> Document:
    return Document(parts=tuple(Part(caption) for caption in captions))


def showing(*assets: int, alt_text: str | None = None) -> Document:
    used = tuple(Attachment(asset, alt_text=alt_text) for asset in assets)
    return Document(parts=(Part("Bread", used),))


def test_a_caption_that_fits_exactly_is_fine() -> None:
    assert found(saying("x" * 20)) == {}


def test_one_letter_too_many_blocks_and_says_by_how_much() -> None:
    finding = found(saying("x" * 21))["text.too_long"]

    assert finding.severity == Severity.BLOCK
    assert finding.place == Place(part=0)
    assert finding.values == {"length": 21, "limit": 20, "over": 1}


def test_the_byte_limit_is_a_limit_of_its_own() -> None:
    assert set(found(saying("ế" * 20))) == set()
    wide = replace(LIMITS, text=replace(LIMITS.text, max_bytes=59))
    assert set(found(saying("ế" * 20), limits=wide)) == {"text.too_many_bytes"}


def test_decomposed_vietnamese_is_counted_as_it_will_be_sent_and_only_mentioned() -> None:
    typed = unicodedata.normalize("NFD", "Bến sáng nay ấm quá!")
    points = Limits(text=TextRules(max_chars=20, unit=TextUnit.CODE_POINTS), images=LIMITS.images)

    findings = found(saying(typed), limits=points)

    assert set(findings) == {"text.decomposed"}
    assert findings["text.decomposed"].severity == Severity.HINT


def test_nothing_to_say_blocks() -> None:
    assert found(saying(" \n"))["post.empty"].severity == Severity.BLOCK


def test_an_empty_part_of_a_thread_is_named() -> None:
    assert found(saying("One", "", "Three"))["part.empty"].place == Place(part=1)


def test_a_first_comment_alone_is_not_a_post() -> None:
    assert "post.empty" in found(Document(first_comment="Link"))


def test_a_thread_longer_than_the_platform_takes_blocks() -> None:
    assert found(saying("1", "2", "3", "4"))["thread.too_long"].values == {"count": 4, "limit": 3}


def test_a_thread_blocks_where_there_are_none() -> None:
    assert "thread.unsupported" in found(saying("1", "2"), limits=replace(LIMITS, max_parts=1))


def test_too_many_images_block() -> None:
    assets = dict.fromkeys((1, 2, 3), PHOTO)

    assert found(showing(1, 2, 3), assets=assets)["images.too_many"].values["count"] == 3


def test_an_image_of_nobody_blocks() -> None:
    assert found(showing(9))["image.missing"].place == Place(part=0, attachment=0)


def test_images_block_where_the_platform_shows_none() -> None:
    without = ALL - {Capability.IMAGES}

    assert set(found(showing(1), assets={1: PHOTO}, capabilities=without)) == {"images.unsupported"}


def test_a_missing_alt_text_warns_and_the_assets_own_counts() -> None:
    silent = replace(PHOTO, alt_text="")

    assert found(showing(1), assets={1: silent})["alt.missing"].severity == Severity.WARN
    assert found(showing(1), assets={1: PHOTO}) == {}
    assert "alt.missing" in found(showing(1, alt_text=" "), assets={1: PHOTO})


def test_an_alt_text_over_the_limit_blocks() -> None:
    assert (
        found(showing(1, alt_text="x" * 11), assets={1: PHOTO})["alt.too_long"].values["over"] == 1
    )


@pytest.mark.parametrize(
    ("asset", "code", "severity"),
    [
        (replace(PHOTO, size_bytes=2_000_000), "image.re_encoded", Severity.HINT),
        (replace(PHOTO, width_px=4000, height_px=3000), "image.made_smaller", Severity.HINT),
        (replace(PHOTO, mime_type="image/webp"), "image.re_encoded", Severity.HINT),
        (
            replace(PHOTO, mime_type="image/gif", is_animated=True),
            "image.stops_moving",
            Severity.WARN,
        ),
    ],
)
def test_what_will_be_done_to_an_image_is_said(
    asset: AssetFacts, code: str, severity: Severity
) -> None:
    assert found(showing(1), assets={1: asset})[code].severity == severity


def test_an_image_type_that_cannot_be_written_for_the_platform_blocks() -> None:
    only_heic = replace(LIMITS, images=replace(LIMITS.images, mime_types=("image/heic",)))

    assert found(showing(1), assets={1: PHOTO}, limits=only_heic)["image.type"].severity == "block"


def test_a_first_comment_that_nobody_would_see_warns() -> None:
    document = Document(parts=(Part("Bread"),), first_comment="Menu")

    without = found(document, capabilities=ALL - {Capability.FIRST_COMMENT})

    assert without["first_comment.unsupported"].severity == Severity.WARN
    assert found(document) == {}


def test_a_first_comment_has_the_same_limit() -> None:
    document = Document(parts=(Part("Bread"),), first_comment="x" * 21)

    assert found(document)["text.too_long"].place == Place(first_comment=True)


def test_saying_the_same_again_warns_whatever_the_accents_and_order_of_lines() -> None:
    roomy = replace(LIMITS, text=TextRules(max_chars=500, unit=TextUnit.GRAPHEMES))
    earlier = [Earlier(7, "Mẻ rang đầu mùa vừa về tới Bến sáng nay!", "20/11")]

    again = found(saying("me rang dau mua vua ve toi Ben sang nay"), limits=roomy, earlier=earlier)

    assert again["text.echo"].values == {"post_id": 7, "day": "20/11"}
    assert found(saying("Hôm nay quán nghỉ."), limits=roomy, earlier=earlier) == {}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Xem capheben.vn nhé", ("capheben.vn",)),
        ("Xem capheben.com.vn/menu.", ("capheben.com.vn/menu",)),
        ("Xem https://capheben.vn/menu nhé", ()),
        ("Hỏi an@capheben.vn", ()),
        ("Hỏi @ben.bsky.social và @an@town.example", ()),
        ("Sáng nay.Nhưng chiều thì không, v.v. TP.HCM 3.500đ", ()),
    ],
)
def test_only_addresses_without_a_scheme_are_pointed_out(text: str, links: tuple[str, ...]) -> None:
    assert bare_links(text) == links


def test_many_hashtags_and_capitals_are_hints() -> None:
    roomy = replace(LIMITS, text=TextRules(max_chars=500, unit=TextUnit.GRAPHEMES))

    assert "hashtags.many" in found(saying("#a1 #b1 #c1 #d1 #e1 #f1"), limits=roomy)
    assert "text.shouting" in found(saying("MẺ RANG ĐẦU MÙA VỪA VỀ TỚI BẾN SÁNG NAY"), limits=roomy)
    assert found(saying("Mẻ rang đầu mùa vừa về #CAPHE #SAIGON"), limits=roomy) == {}


def test_the_heaviest_finding_comes_first() -> None:
    findings = check(
        Document(parts=(Part("capheben.vn " + "x" * 21),)),
        limits=LIMITS,
        capabilities=ALL,
        assets={},
        on=MONDAY,
    )

    assert [one.severity for one in findings] == ["block", "warn"]
    assert blocks(findings)


def test_a_picture_whose_rights_end_before_it_goes_out_blocks() -> None:
    licensed = replace(PHOTO, rights=Rights(until=MONDAY))

    assert "rights.ended" not in found(showing(1), assets={1: licensed})
    late = found(showing(1), assets={1: licensed}, on=MONDAY + timedelta(days=1))["rights.ended"]

    assert (late.severity, late.place) == (Severity.BLOCK, Place(part=0, attachment=0))
    assert late.values == {"image": 1, "day": "2026-03-02"}


def test_the_consent_of_each_person_shown_is_asked() -> None:
    agreed = (Agreed("Lan", MONDAY), Agreed("Minh"))
    shown = replace(PHOTO, rights=Rights(agreed=agreed))

    late = found(showing(1), assets={1: shown}, on=MONDAY + timedelta(days=1))

    assert late["consent.ended"].values["person"] == "Lan"
    assert "rights.ended" not in late


def test_a_shape_the_platform_does_not_take_is_cropped_and_said() -> None:
    shaped = replace(LIMITS, images=replace(LIMITS.images, min_ratio=0.8, max_ratio=1.0))

    cropped = found(showing(1), assets={1: PHOTO}, limits=shaped)["image.cropped"]

    assert cropped.severity == Severity.WARN
    assert (cropped.values["width"], cropped.values["height"]) == (1200, 1200)
    assert "image.cropped" not in found(showing(1), assets={1: PHOTO})


def test_a_channel_of_pictures_takes_no_first_part_without_one() -> None:
    gallery = replace(LIMITS, max_parts=5, images=replace(LIMITS.images, min_count=1))
    shown = replace(showing(1), parts=(*showing(1).parts, *saying("And more words.").parts))

    assert found(saying("Fresh."), limits=gallery)["image.wanted"].severity == Severity.BLOCK
    assert "image.wanted" not in found(shown, assets={1: PHOTO}, limits=gallery)
    assert "image.wanted" not in found(saying("Fresh."))
