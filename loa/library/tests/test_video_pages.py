"""The page of a video: watching, stopping, cover and captions."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from loa.library import actions, storage, wording
from loa.library.models import Asset, Captions, Film, Rendition, RenditionOrder
from loa.library.queries import COVER, WATCH
from loa.library.rules.captions import CaptionsUnreadable
from loa.library.tests import films
from loa.library.tests.films import a_film
from loa.library.tests.pictures import a_picture
from tests import cast
from tests.bakery import Bakery, riverside_bakery
from tests.jobs import run_enqueued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


@pytest.fixture
def ben(bakery: Bakery) -> Client:
    return cast.signed_in(bakery.ben)


@pytest.fixture
def video(bakery: Bakery) -> Asset:
    with bakery.inside():
        return actions.keep_upload(BytesIO(a_film()), filename="oven.mp4", by=bakery.ben)


def url(bakery: Bakery, name: str, *args: object) -> str:
    return reverse(f"library:{name}", args=[bakery.workspace.slug, *args])


def test_a_video_arrives_through_the_same_door_as_pictures(bakery: Bakery, ben: Client) -> None:
    sent = SimpleUploadedFile("oven.mov", a_film(ending="mov"))

    answer = ben.post(url(bakery, "upload-assets"), {"file": sent}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "oven.mov" in answer.content.decode()


def test_a_damaged_video_gets_a_sentence_with_the_next_step(bakery: Bakery, ben: Client) -> None:
    sent = SimpleUploadedFile("oven.mp4", films.with_said_size(a_film(), 1280, 720))

    answer = ben.post(url(bakery, "upload-assets"), {"file": sent}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "have another size than the file says" in answer.content.decode()


def test_the_page_shows_how_far_it_is_and_then_plays(
    bakery: Bakery, ben: Client, video: Asset
) -> None:
    before = ben.get(url(bakery, "asset", video.pk)).content.decode()
    run_enqueued()
    after = ben.get(url(bakery, "asset", video.pk)).content.decode()

    assert "Being prepared" in before
    assert "<video" not in before
    assert "<video" in after
    assert url(bakery, "show-file", video.pk, "watch") in after


def test_a_player_may_ask_for_a_piece(bakery: Bakery, ben: Client, video: Asset) -> None:
    run_enqueued()

    answer = ben.get(url(bakery, "show-file", video.pk, "watch"), headers={"Range": "bytes=0-9"})

    assert answer.status_code == 206
    assert answer.headers["Content-Type"] == "video/mp4"
    assert len(b"".join(answer)) == 10


def test_stopping_and_beginning_again(bakery: Bakery, ben: Client, video: Asset) -> None:
    with bakery.inside():
        order = RenditionOrder.objects.get(asset=video, need=WATCH)

    ben.post(url(bakery, "cancel-order", video.pk, order.pk))
    assert "Cancelled" in ben.get(url(bakery, "asset", video.pk)).content.decode()
    ben.post(url(bakery, "restart-order", video.pk, order.pk))
    run_enqueued()

    with bakery.inside():
        assert Film.objects.get(asset=video).state == Film.State.READY


def test_another_moment_or_a_picture_becomes_the_cover(
    bakery: Bakery, ben: Client, video: Asset
) -> None:
    where = url(bakery, "change-cover", video.pk)
    keys = []
    for sent in ({"at_s": "1.8"}, {"picture_file": SimpleUploadedFile("l.jpg", a_picture())}):
        ben.post(where, sent)
        with bakery.inside():
            keys.append(Rendition.objects.get(asset=video, need=COVER).storage_key)

    shown = ben.get(url(bakery, "show-file", video.pk, "cover"))
    assert b"".join(shown).startswith(b"\xff\xd8")
    assert keys[0] != keys[1]
    assert all(storage.exists(key) for key in keys)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"at_s": "9"}, "no picture at that second"),
        ({"at_s": "soon"}, "second as a number"),
        ({}, "second as a number"),
    ],
)
def test_a_cover_that_cannot_be_gets_a_sentence(
    bakery: Bakery, ben: Client, video: Asset, sent: dict[str, str], words: str
) -> None:
    answer = ben.post(url(bakery, "change-cover", video.pk), sent, follow=True)

    assert words in answer.content.decode()


def test_captions_are_kept_shown_and_taken_away(bakery: Bakery, ben: Client, video: Asset) -> None:
    srt = SimpleUploadedFile("oven.srt", "1\n00:00:00,100 --> 00:00:01,000\nNóng!\n".encode())
    ben.post(url(bakery, "add-captions", video.pk), {"language_code": "vi", "captions_file": srt})

    shown = ben.get(url(bakery, "show-captions", video.pk, "vi"))
    page = ben.get(url(bakery, "asset", video.pk)).content.decode()
    ben.post(url(bakery, "remove-captions", video.pk, "vi"))

    assert shown.content.decode().startswith("WEBVTT")
    assert "Tiếng Việt" in page
    with bakery.inside():
        assert not Captions.objects.in_workspace(bakery.workspace).exists()


def test_captions_that_cannot_be_read_get_a_sentence_with_the_line(
    bakery: Bakery, ben: Client, video: Asset
) -> None:
    bad = SimpleUploadedFile("oven.srt", b"00:00:01,000 --> 00:00:00,500\nBackwards")

    answer = ben.post(
        url(bakery, "add-captions", video.pk),
        {"language_code": "vi", "captions_file": bad},
        follow=True,
    )

    assert "Line 1: the end must come after the beginning." in answer.content.decode()


def test_captions_of_a_picture_do_not_exist(bakery: Bakery, ben: Client) -> None:
    picture = cast.an_asset(bakery.workspace)

    assert ben.post(url(bakery, "add-captions", picture.pk)).status_code == 404


@pytest.mark.parametrize(
    "reason", ["empty", "too_large", "encoding", "no_cues", "timing", "disorder", "too_late"]
)
def test_every_reason_has_a_sentence(reason: str) -> None:
    assert wording.captions_refusal(CaptionsUnreadable(reason, line=3))


@pytest.mark.parametrize(
    "reason", ["huge", "endless", "nothing", "lying_duration", "lying_size", "broken"]
)
def test_every_refused_video_has_a_sentence_that_names_it(reason: str) -> None:
    assert "oven.mp4" in wording.refusal(actions.NotAVideo(reason), filename="oven.mp4")
