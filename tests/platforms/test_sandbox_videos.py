"""Videos on the real practice network, over the real transport."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

from loa.connectors.contract import Media, Request, ask
from loa.connectors.errors import NotSent, Refused
from loa.connectors.transport.drive import Drive
from loa.connectors.transport.egress import Egress
from loa.library.tests.films import a_film
from loa.platforms.sandbox import CONNECTOR
from practice_network.testing import Running
from tests.platforms.test_sandbox_on_the_network import (
    Driven,
    a_part,
    a_picture,
    connect,
    in_ledger,
)

pytestmark = pytest.mark.faults


@pytest.fixture
def egress(practice: Running) -> Iterator[Egress]:
    opened = Egress(allowed_origins=[practice.base_url])
    yield opened
    opened.close()


@pytest.fixture
def drive(egress: Egress) -> Driven:
    driving = Drive(egress, sleep=lambda _: None)
    return lambda flow: driving(flow, platform="sandbox")


def a_video(content: bytes) -> Media:
    return Media(
        asset_id=2,
        filename="pha.mp4",
        mime_type="video/mp4",
        size_bytes=len(content),
        open=lambda: io.BytesIO(content),
        alt_text="Cà phê nhỏ giọt qua phin",
    )


def test_a_video_is_processed_for_a_while_and_then_plays(practice: Running, egress: Egress) -> None:
    channel = connect(practice, lambda flow: Drive(egress)(flow, platform="sandbox"))
    patient = Drive(egress)
    part = a_part(media=(a_video(a_film()),))

    staged = patient(CONNECTOR.stage(part, channel), platform="sandbox")
    published = patient(
        CONNECTOR.publish(replace(part, staged=staged.media), channel), platform="sandbox"
    )

    page = patient(ask(Request("GET", published.url)), platform="sandbox").text
    assert "<video" in page
    assert "Cà phê nhỏ giọt qua phin" in page


def test_a_video_that_is_still_processed_is_not_sent_and_tried_again(
    practice: Running, drive: Driven
) -> None:
    channel = connect(practice, drive, media_processing_ms=60_000)

    with pytest.raises(NotSent) as waiting:
        drive(CONNECTOR.stage(a_part(media=(a_video(a_film()),)), channel))

    assert waiting.value.code == "media.processing"
    assert in_ledger(practice) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (a_film(size="1922x1082", seconds=1), "media.too_large"),
        (a_film(rate=1, size="64x64", seconds=181), "media.too_large"),
        (a_film() + bytes(40_000_000), "media.too_large"),
        (a_film(ending="mkv"), "media.type"),
    ],
    ids=["pixels", "length", "bytes", "container"],
)
def test_one_over_each_limit_of_videos_is_refused(
    practice: Running, drive: Driven, content: bytes, code: str
) -> None:
    channel = connect(practice, drive)

    with pytest.raises(Refused) as refused:
        drive(CONNECTOR.stage(a_part(media=(a_video(content),)), channel))

    assert refused.value.code == code


def test_a_video_and_a_picture_in_one_post_are_refused(practice: Running, egress: Egress) -> None:
    patient = Drive(egress)
    channel = connect(practice, lambda flow: patient(flow, platform="sandbox"))
    part = a_part(media=(a_video(a_film()), a_picture()))
    staged = patient(CONNECTOR.stage(part, channel), platform="sandbox")

    with pytest.raises(Refused) as refused:
        patient(CONNECTOR.publish(replace(part, staged=staged.media), channel), platform="sandbox")

    assert refused.value.code == "media.too_many"
