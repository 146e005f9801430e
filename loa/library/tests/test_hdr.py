"""What a phone films in high dynamic range looks on every screen as it was filmed."""

import tempfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from loa.library import actions, filming, storage
from loa.library.models import Film, Rendition
from loa.library.queries import COVER, WATCH
from loa.library.rules.colours import HLG, PQ, high_range_of
from loa.library.rules.film import Plan
from loa.library.tests.films import a_film
from loa.library.tests.hdr import FIELD_PX, an_hdr_film
from tests.bakery import riverside_bakery
from tests.jobs import run_enqueued

PLAN = Plan(
    width_px=256,
    height_px=144,
    duration_ms=1000,
    max_bytes=1_000_000,
    video_kbps=4000,
    audio_kbps=0,
    source_rate=25.0,
)


def fields_of(png: bytes) -> list[tuple[int, int, int]]:
    """Return the colours of the four fields."""
    image = Image.open(BytesIO(png)).convert("RGB")
    middles = (FIELD_PX // 2 + number * FIELD_PX for number in range(4))
    return [image.getpixel((x, 72)) for x in middles]  # type: ignore[misc]


def as_filmed(fields: list[tuple[int, int, int]]) -> bool:
    """Say whether greys are grey and as bright as they were, and red is red."""
    (grey, paper, sun, red) = fields
    plain = all(max(one) - min(one) < 8 for one in (grey, paper, sun))
    bright = 90 < grey[0] < 125 and 225 < paper[0] < 250 and sun[0] > 250
    return plain and bright and red[0] > 215 and max(red[1:]) < 60


@pytest.mark.parametrize("high_range", [PQ, HLG])
@pytest.mark.parametrize("tells_all", [True, False])
def test_a_rendition_has_the_light_and_colours_that_were_filmed(
    high_range: str, *, tells_all: bool
) -> None:
    with tempfile.TemporaryFile() as film, tempfile.TemporaryFile() as target:
        film.write(an_hdr_film(high_range, tells_all=tells_all))
        film.flush()
        facts = filming.measure(film, demuxer="mov")
        plan = replace(PLAN, high_range=facts.high_range)
        filming.make(film, target, demuxer="mov", plan=plan, on_progress=lambda _: True)
        made = filming.measure(target, demuxer="mov")
        seen = fields_of(filming.picture_at(target, demuxer="mov", at_ms=400))
        target.seek(0)
        content = target.read()

    assert facts.high_range == high_range
    assert (made.high_range, made.pixel_format) == ("", "yuv420p")
    assert as_filmed(seen), seen
    assert b"mdcv" not in content


def test_without_it_they_would_be_pale() -> None:
    """The witness of the test above: what it asserts does not come by itself."""
    with tempfile.TemporaryFile() as film, tempfile.TemporaryFile() as target:
        film.write(an_hdr_film(PQ))
        film.flush()
        filming.make(film, target, demuxer="mov", plan=PLAN, on_progress=lambda _: True)
        seen = fields_of(filming.picture_at(target, demuxer="mov", at_ms=400))

    assert not as_filmed(seen)


@pytest.mark.parametrize("high_range", [PQ, HLG])
def test_a_cover_has_them_too(high_range: str) -> None:
    with tempfile.TemporaryFile() as film:
        film.write(an_hdr_film(high_range))
        film.flush()
        seen = fields_of(filming.picture_at(film, demuxer="mov", at_ms=400, high_range=high_range))

    assert as_filmed(seen), seen


def test_an_ordinary_video_has_no_high_range() -> None:
    with tempfile.TemporaryFile() as film:
        film.write(a_film())
        film.flush()
        assert filming.measure(film, demuxer="mov").high_range == ""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("tv, bt2020nc/bt2020/smpte2084, progressive", PQ),
        ("tv, unknown/unknown/arib-std-b67", HLG),
        ("tv, bt709, progressive", ""),
        ("pc, bt2020nc/bt2020/bt2020-10", ""),
    ],
)
def test_it_is_read_from_what_ffmpeg_tells(told: str, expected: str) -> None:
    assert high_range_of(told) == expected


@pytest.mark.django_db
def test_an_upload_is_measured_covered_and_watched_in_the_colours_of_every_screen(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    bakery = riverside_bakery()
    with bakery.inside():
        film = BytesIO(an_hdr_film(HLG))
        asset = actions.keep_upload(film, filename="sunset.mp4", by=bakery.ben)

    run_enqueued()

    with bakery.inside():
        assert Film.objects.get(asset=asset).high_range == HLG
        files = {one.need: one.storage_key for one in Rendition.objects.filter(asset=asset)}
    with storage.open_file(files[COVER]) as cover:
        assert as_filmed(fields_of(cover.read()))
    with storage.open_file(files[WATCH]) as watched:
        assert as_filmed(fields_of(filming.picture_at(watched, demuxer="mov", at_ms=400)))
    with bakery.inside():
        actions.take_cover(asset, at_ms=800)
        again = Rendition.objects.get(asset=asset, need=COVER).storage_key
    with storage.open_file(again) as cover:
        assert as_filmed(fields_of(cover.read()))
