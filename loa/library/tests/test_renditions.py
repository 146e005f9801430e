"""Videos are taken in, checked and made into what platforms take, in the background."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from loa.connectors.contract import ImageRules, VideoRules
from loa.library import actions, filming, storage
from loa.library.models import Asset, Film, Rendition, RenditionOrder
from loa.library.queries import (
    COVER,
    PREVIEW,
    THUMB,
    WATCH,
    AssetMissing,
    VideoBroken,
    VideoNotReady,
    VideoUnfit,
    media_for,
)
from loa.library.rules.headers import NotAPicture
from loa.library.tests import films
from loa.library.tests.films import a_film
from loa.library.tests.pictures import a_picture
from loa.ops import clock, fence, jobs
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.jobs import run_enqueued

pytestmark = pytest.mark.django_db
PICTURES = ImageRules(4, 60_000, ("image/jpeg",), 1500)
RULES = VideoRules(
    max_count=1,
    max_bytes=5_000_000,
    mime_types=("video/mp4",),
    video_codecs=("h264",),
    audio_codecs=("aac",),
    max_alt_chars=1000,
    max_duration_ms=60_000,
    max_side_px=240,
    takes_cover=True,
)


class Use:
    """An asset as a post uses it."""

    alt_text: str | None = None
    focus: tuple[float, float] | None = None

    def __init__(self, asset: Asset) -> None:
        self.asset_id = asset.pk


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def keep(content: bytes, *, bakery: Bakery, filename: str = "oven.mp4") -> Asset:
    with bakery.inside():
        return actions.keep_upload(BytesIO(content), filename=filename, by=bakery.ben)


def bytes_of(key: str) -> bytes:
    with storage.open_file(key) as file:
        return file.read()


def order_of(asset: Asset, *, bakery: Bakery, rules: VideoRules = RULES) -> RenditionOrder:
    """Order what a platform with `rules` needs."""
    with bakery.inside():
        try:
            media_for([Use(asset)], workspace=bakery.workspace, rules=PICTURES, video=rules)
        except VideoNotReady as wanted:
            return actions.order_rendition(wanted.asset, wanted.plan, insists=True)
    raise AssertionError("it is there already")


def test_a_video_is_kept_as_it_came_and_is_to_be_seen_at_once(bakery: Bakery) -> None:
    content = a_film(ending="mov", turned=90)

    asset = keep(content, bakery=bakery, filename="Lò nướng.MOV")

    assert asset.filename == "Lò nướng.mov"
    assert (asset.width_px, asset.height_px) == (180, 320)
    assert bytes_of(asset.storage_key) == content
    with bakery.inside():
        assert asset.film.state == Film.State.CHECKING
        assert (asset.film.duration_ms, asset.film.frame_rate) == (2000, 25.0)
        needs = set(Rendition.objects.filter(asset=asset).values_list("need", flat=True))
    assert needs == {THUMB, PREVIEW, COVER}


def test_decoding_all_of_it_makes_it_ready_and_watchable(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)

    names = run_enqueued()

    assert names == ["library.make_rendition"]
    with bakery.inside():
        assert Film.objects.get(asset=asset).state == Film.State.READY
        watch = Rendition.objects.get(asset=asset, need=WATCH)
    assert bytes_of(watch.storage_key)[4:8] == b"ftyp"


def test_a_video_broken_in_the_middle_is_found_out(bakery: Bakery) -> None:
    asset = keep(films.with_broken_end(a_film(), whole=0.7), bakery=bakery)

    run_enqueued()

    with bakery.inside():
        assert Film.objects.get(asset=asset).state == Film.State.BROKEN
        with pytest.raises(VideoBroken):
            media_for([Use(asset)], workspace=bakery.workspace, rules=PICTURES, video=RULES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (films.with_said_size(a_film(), 1280, 720), "lying_size"),
        (films.with_said_duration(a_film(ending="mkv"), 20), "lying_duration"),
        (films.with_noise(a_film()), "nothing"),
        (films.a_bomb(), "broken"),
        (a_film()[:8000], "broken"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 100, "broken"),
    ],
    ids=["size", "duration", "noise", "bomb", "cut off", "hollow"],
)
def test_a_video_that_is_not_what_it_says_is_not_kept(
    bakery: Bakery, content: bytes, reason: str
) -> None:
    with pytest.raises(actions.NotAVideo) as refused:
        keep(content, bakery=bakery)

    assert refused.value.reason == reason
    with bakery.inside():
        assert not Asset.objects.in_workspace(bakery.workspace).exists()


def test_a_picture_called_mp4_is_a_picture(bakery: Bakery) -> None:
    asset = keep(a_picture(), bakery=bakery, filename="loaf.mp4")

    assert asset.filename == "loaf.jpg"
    assert not asset.is_video


def test_an_empty_file_called_mp4_is_called_empty(bakery: Bakery) -> None:
    with pytest.raises(NotAPicture) as refused:
        keep(b"", bakery=bakery)

    assert refused.value.kind == "empty"


def test_what_is_hidden_behind_a_video_goes_nowhere(bakery: Bakery) -> None:
    """A file may be a video and a web page or an archive at once; what we send is only a video."""
    smuggled = b"<script>alert(1)</script>PK\x03\x04 hidden"
    asset = keep(a_film() + smuggled, bakery=bakery)
    order_of(asset, bakery=bakery)

    run_enqueued()

    with bakery.inside():
        for made in Rendition.objects.filter(asset=asset):
            assert b"hidden" not in bytes_of(made.storage_key)


def test_videos_have_a_limit_of_their_own(bakery: Bakery, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    asset = keep(a_film(), bakery=bakery)
    settings.VIDEO_MAX_BYTES = asset.size_bytes - 1

    with pytest.raises(actions.VideoTooLarge):
        keep(a_film() + b"\0", bakery=bakery)


def test_the_same_video_is_one_asset(bakery: Bakery) -> None:
    first = keep(a_film(), bakery=bakery)

    assert keep(a_film(), bakery=bakery, filename="again.mp4").pk == first.pk


def test_a_platform_gets_what_it_takes_with_cover_and_words(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)
    order_of(asset, bakery=bakery)

    run_enqueued()

    with bakery.inside():
        (media,) = media_for([Use(asset)], workspace=bakery.workspace, rules=PICTURES, video=RULES)
    assert (media.mime_type, media.filename) == ("video/mp4", "oven.mp4")
    assert max(media.width_px or 0, media.height_px or 0) <= 240
    assert media.duration_ms == 2000
    assert media.cover
    assert media.cover.mime_type == "image/jpeg"
    with media.open() as file:
        assert len(file.read()) == media.size_bytes


@pytest.mark.parametrize(
    "rules",
    [None, VideoRules(1, 5_000_000, ("video/mp4",), ("h264",), ("aac",), 99, max_duration_ms=1999)],
)
def test_what_no_rendition_can_mend_is_unfit(bakery: Bakery, rules: VideoRules | None) -> None:
    asset = keep(a_film(), bakery=bakery)

    with bakery.inside(), pytest.raises(VideoUnfit):
        media_for([Use(asset)], workspace=bakery.workspace, rules=PICTURES, video=rules)


def test_ordering_twice_is_one_order_and_one_job(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)

    first, second = (order_of(asset, bakery=bakery) for _ in range(2))

    assert first.pk == second.pk
    assert run_enqueued() == ["library.make_rendition"] * 2  # to watch, and for the platform


def test_running_twice_makes_it_once(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    run_enqueued()
    with bakery.inside():
        before = Rendition.objects.get(asset=asset, need=order.need).made_at

    actions.make_rendition(order_id=order.pk, workspace_id=bakery.workspace.pk)

    with bakery.inside():
        assert Rendition.objects.get(asset=asset, need=order.need).made_at == before
        assert RenditionOrder.objects.get(pk=order.pk).tries == 1


def test_a_cancelled_order_is_not_made_and_can_be_begun_anew(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    with bakery.inside():
        assert actions.cancel_order(order)

    run_enqueued()

    with bakery.inside():
        assert not Rendition.objects.filter(asset=asset, need=order.need).exists()
    order_of(asset, bakery=bakery)
    run_enqueued()
    with bakery.inside():
        assert Rendition.objects.filter(asset=asset, need=order.need).exists()


def test_cancelling_while_it_is_made_stops_it(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = keep(a_film(seconds=20, size="640x360"), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    real = filming.make

    def made(*args: Any, on_progress: Callable[[int], bool], **rest: Any) -> int:
        with bakery.inside():
            actions.cancel_order(RenditionOrder.objects.get(pk=order.pk))
        frames: int = real(*args, on_progress=on_progress, **rest)
        return frames

    monkeypatch.setattr(filming, "make", made)
    actions.make_rendition(order_id=order.pk, workspace_id=bakery.workspace.pk)

    with bakery.inside():
        assert RenditionOrder.objects.get(pk=order.pk).state == RenditionOrder.State.CANCELLED
        assert not Rendition.objects.filter(asset=asset, need=order.need).exists()


def test_a_worker_that_must_leave_gives_the_order_back(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = keep(a_film(), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    leaving = threading.Event()
    leaving.set()
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "stopping", leaving)
        actions.make_rendition(order_id=order.pk, workspace_id=bakery.workspace.pk)
    with bakery.inside():
        assert RenditionOrder.objects.get(pk=order.pk).state == RenditionOrder.State.WAITING

    run_enqueued()

    with bakery.inside():
        assert RenditionOrder.objects.get(pk=order.pk).state == RenditionOrder.State.MADE


def test_an_order_whose_worker_died_is_made_by_another(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    with bakery.inside():
        RenditionOrder.objects.filter(pk=order.pk).update(
            state=RenditionOrder.State.WORKING, tries=1, done_ms=500
        )

    with clock.ahead(timedelta(minutes=3)), fence.everywhere("look as the sweeper does"):
        assert actions.resume_forgotten(now=clock.now()) == 2
    with clock.ahead(timedelta(minutes=3)):
        run_enqueued()

    with bakery.inside():
        made = RenditionOrder.objects.get(pk=order.pk)
        assert (made.state, made.tries) == (RenditionOrder.State.MADE, 2)


def test_whoever_comes_back_after_its_order_was_given_away_writes_nothing(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = keep(a_film(), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    real = filming.make

    def slow(*args: Any, **rest: Any) -> int:
        frames: int = real(*args, **rest)
        with bakery.inside():
            RenditionOrder.objects.filter(pk=order.pk).update(tries=7)
        return frames

    monkeypatch.setattr(filming, "make", slow)
    actions.make_rendition(order_id=order.pk, workspace_id=bakery.workspace.pk)

    with bakery.inside():
        assert not Rendition.objects.filter(asset=asset, need=order.need).exists()


def test_a_lost_original_says_so_and_a_lost_copy_is_made_again(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)
    order = order_of(asset, bakery=bakery)
    run_enqueued()
    with bakery.inside():
        made = Rendition.objects.get(asset=asset, need=order.need)
    storage.path_of(made.storage_key).unlink()

    order_of(asset, bakery=bakery)
    run_enqueued()
    assert storage.exists(made.storage_key)

    storage.path_of(made.storage_key).unlink()
    storage.path_of(asset.storage_key).unlink()
    with bakery.inside(), pytest.raises(AssetMissing):
        media_for([Use(asset)], workspace=bakery.workspace, rules=PICTURES, video=RULES)


def test_orders_of_others_are_not_seen(bakery: Bakery) -> None:
    order = order_of(keep(a_film(), bakery=bakery), bakery=bakery)
    others = elsewhere()

    actions.make_rendition(order_id=order.pk, workspace_id=others.workspace.pk)

    with bakery.inside():
        assert RenditionOrder.objects.get(pk=order.pk).tries == 0


def test_a_cover_is_a_moment_of_the_video_or_a_picture_of_its_own(bakery: Bakery) -> None:
    asset = keep(a_film(), bakery=bakery)
    with bakery.inside():
        first = Rendition.objects.get(asset=asset, need=COVER).storage_key

        actions.take_cover(asset, at_ms=1900)
        second = Rendition.objects.get(asset=asset, need=COVER).storage_key
        actions.upload_cover(asset, BytesIO(a_picture()))
        third = Rendition.objects.get(asset=asset, need=COVER).storage_key

        assert len({first, second, third}) == 3
        assert Film.objects.get(asset=asset).cover_ms is None
        with pytest.raises(actions.NoSuchMoment):
            actions.take_cover(asset, at_ms=2001)
