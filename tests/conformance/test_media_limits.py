"""One over each limit of each platform's media: told before it goes out, in a whole sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from loa.connectors.contract import Capability, ImageRules, Limits, VideoRules
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.findings import Finding, Severity
from loa.content.rules.preflight import check
from loa.content.wording import sentence
from loa.library.rules.film import FASTEST, LEAST_VIDEO_KBPS
from loa.library.rules.fitting import AssetFacts
from loa.platforms.sandbox.wire import to_limits
from practice_network.limits import LIMITS_OF, Kind
from tests.conformance.scenes import connectors

BLOCK, WARN, HINT = Severity.BLOCK, Severity.WARN, Severity.HINT
PHOTO = AssetFacts("image/jpeg", 400_000, 1000, 1000, alt_text="Ổ bánh mì")
CLIP = AssetFacts(
    "video/mp4",
    4_000_000,
    640,
    640,
    alt_text="Pha cà phê",
    duration_ms=20_000,
    frame_rate=30.0,
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
    video_state="ready",
)


@dataclass(frozen=True)
class Case:
    """fits: what just stays within the limit; over: what is one over it, and what is said."""

    name: str
    fits: tuple[AssetFacts, ...]
    over: tuple[AssetFacts, ...]
    code: str
    severity: Severity


def of_images(rules: ImageRules) -> Iterator[Case]:
    most = rules.max_count
    yield Case("count", (PHOTO,) * most, (PHOTO,) * (most + 1), "images.too_many", BLOCK)
    yield _one("bytes", PHOTO, "size_bytes", rules.max_bytes, "image.re_encoded", HINT)
    alt = replace(PHOTO, alt_text="ă" * rules.max_alt_chars)
    longer = replace(alt, alt_text=alt.alt_text + "ă")
    yield Case("alt", (alt,), (longer,), "alt.too_long", BLOCK)
    avif = replace(PHOTO, mime_type="image/avif")
    yield Case("type", (PHOTO,), (avif,), "image.re_encoded", HINT)
    moving = replace(PHOTO, mime_type="image/gif", size_bytes=rules.max_bytes, is_animated=True)
    heavier = replace(moving, size_bytes=rules.max_bytes + 1)
    yield Case("moving", (moving,), (heavier,), "image.stops_moving", WARN)
    if rules.max_pixels:
        square = int(rules.max_pixels**0.5)
        large = replace(PHOTO, width_px=square, height_px=square)
        larger = replace(large, width_px=square + 1, height_px=square + 1)
        yield Case("pixels", (large,), (larger,), "image.made_smaller", HINT)
    for ratio in filter(None, (rules.min_ratio, rules.max_ratio)):
        shape = replace(PHOTO, width_px=round(1000 * ratio))
        step = 20 if ratio == rules.max_ratio else -20
        wrong = replace(shape, width_px=shape.width_px + step)
        yield Case(f"ratio {ratio}", (shape,), (wrong,), "image.cropped", WARN)
    if rules.min_count:
        yield Case("least", (PHOTO,) * rules.min_count, (), "image.wanted", BLOCK)


def of_videos(rules: VideoRules) -> Iterator[Case]:
    most = rules.max_count
    yield Case("videos", (CLIP,) * most, (CLIP,) * (most + 1), "video.too_many", BLOCK)
    yield Case("mixed", (CLIP,), (CLIP, PHOTO), "video.mixed", BLOCK)
    yield _one("video bytes", CLIP, "size_bytes", rules.max_bytes, "video.re_encoded", HINT)
    alt = replace(CLIP, alt_text="ă" * rules.max_alt_chars)
    longer = replace(alt, alt_text=alt.alt_text + "ă")
    yield Case("video alt", (alt,), (longer,), "video.alt_too_long", BLOCK)
    for field, wrong in (("video_codec", "hevc"), ("audio_codec", "opus")):
        other = replace(CLIP, **{field: wrong})  # type: ignore[arg-type]
        yield Case(field, (CLIP,), (other,), "video.re_encoded", HINT)
    rate = min(rules.max_frame_rate or FASTEST, FASTEST)
    quicker = replace(CLIP, frame_rate=rate + 1)
    yield Case("rate", (replace(CLIP, frame_rate=rate),), (quicker,), "video.slower", HINT)
    hdr = replace(CLIP, high_range="smpte2084")
    yield Case("colours", (CLIP,), (hdr,), "video.colours", HINT)
    broken = replace(CLIP, video_state="broken")
    yield Case("broken", (CLIP,), (broken,), "video.broken", BLOCK)
    if rules.max_duration_ms:
        most = rules.max_duration_ms
        yield _one("length", CLIP, "duration_ms", most, "video.too_long", BLOCK)
    else:
        too_long_ms = rules.max_bytes * 8 // LEAST_VIDEO_KBPS
        endless = replace(CLIP, duration_ms=too_long_ms)
        yield Case("weight", (CLIP,), (endless,), "video.too_heavy", BLOCK)
    if rules.max_pixels:
        side = int(rules.max_pixels**0.5) // 2 * 2
        large = replace(CLIP, width_px=side, height_px=side)
        larger = replace(CLIP, width_px=side + 2, height_px=side + 2)
        yield Case("video pixels", (large,), (larger,), "video.smaller", HINT)


def _one(name: str, facts: AssetFacts, field: str, most: int, *said: Any) -> Case:
    fits = replace(facts, **{field: most})  # type: ignore[arg-type]
    over = replace(facts, **{field: most + 1})  # type: ignore[arg-type]
    return Case(name, (fits,), (over,), *said)


def cases() -> Iterator[tuple[Limits, Case]]:
    """Yield the cases of every platform, and of the practice network's accounts for pictures."""
    kinds = {one.name: one.limits for one in connectors()}
    kinds["pictures first"] = to_limits(LIMITS_OF[Kind.PICTURES].to_json())
    for kind, limits in kinds.items():
        told = [*of_images(limits.images), *(of_videos(limits.video) if limits.video else ())]
        for case in told:
            yield limits, replace(case, name=f"{kind}: {case.name}")


def found(limits: Limits, assets: tuple[AssetFacts, ...]) -> tuple[Finding, ...]:
    shown = tuple(Attachment(number) for number in range(len(assets)))
    return check(
        Document((Part("Sáng nay", shown),)),
        limits=limits,
        capabilities=frozenset(Capability),
        assets=dict(enumerate(assets)),
        on=date(2026, 3, 2),
    )


@pytest.mark.parametrize(
    ("limits", "case"), [pytest.param(*one, id=one[1].name) for one in cases()]
)
def test_one_over_a_limit_is_told_in_a_sentence_and_what_fits_is_not(
    limits: Limits, case: Case
) -> None:
    assert case.code not in {one.code for one in found(limits, case.fits)}

    [finding] = [one for one in found(limits, case.over) if one.code == case.code]

    assert finding.severity == case.severity
    said = []
    for language in ("en", "vi"):
        with translation.override(language):
            said.append(sentence(finding))
    assert said[0] != said[1]
    for words in said:
        assert words[-1] in ".:…"
        assert "%" not in words
        assert case.code not in words
