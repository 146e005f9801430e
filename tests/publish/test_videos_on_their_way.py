"""A post with a video: it waits for Loa, then for the platform, and goes out once."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from loa.content.models import Post
from loa.content.rules.document import Attachment, Document, Part
from loa.library.actions import describe_asset, keep_upload
from loa.library.models import Asset, RenditionOrder
from loa.library.tests.films import a_film
from loa.ops import clock, fence
from loa.platforms.sandbox import publishing
from loa.publish import actions, wording
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.retries import MOST_TRIES
from practice_network.testing import Running
from tests.jobs import run_enqueued
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(practice: Running, tmp_path: Path, settings: Settings) -> Iterator[Scene]:
    settings.MEDIA_ROOT = tmp_path / "media"
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


@pytest.fixture
def film(scene: Scene) -> Asset:
    content = BytesIO(a_film())
    return keep_upload(content, filename="pha.mp4", by=scene.ana, alt_text="Cà phê nhỏ giọt")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One look at a file that is processed, then the next try."""
    monkeypatch.setattr(publishing, "PROCESSING_WAITS_S", ())


def scheduled(scene: Scene, *films: Asset) -> Delivery:
    channel = scene.channel()
    post = scene.post(channel)
    document = Document((Part("Sáng nay", tuple(Attachment(film.pk) for film in films)),))
    Post.objects.filter(pk=post.pk).update(shared=document.to_json())
    [delivery] = actions.schedule_post(Post.objects.get(pk=post.pk), by=scene.ana)
    return delivery


def uploads(scene: Scene) -> list[str]:
    return [
        entry["payload"]["alt_text"]
        for entry in scene.practice.client.ledger()
        if entry["event"] == "media_uploaded"
    ]


def shown(scene: Scene) -> list[tuple[str, int]]:
    """Return the live posts, and how many files each has."""
    return [
        (entry["payload"]["text"], len(entry["payload"]["media"]))
        for entry in scene.practice.client.posts_in_ledger()
    ]


def test_it_waits_until_loa_has_made_the_video_and_then_goes_out(scene: Scene, film: Asset) -> None:
    delivery = scheduled(scene, film)
    due_at = delivery.due_at

    work_off()
    waiting = again(delivery)
    run_enqueued()
    work_off()

    assert (waiting.state, waiting.failure_code, waiting.tries) == (S.DUE, "media.making", 0)
    assert waiting.ready_at - due_at > MINUTE  # no look before it is told
    sent = again(delivery)
    assert (sent.state, sent.tries, shown(scene)) == (S.DELIVERED, 0, [("Sáng nay", 1)])
    assert [attempt.outcome for attempt in sent.attempt_log.all()] == ["ok"]


def test_however_long_loa_prepares_it_the_post_is_not_given_up(scene: Scene, film: Asset) -> None:
    delivery = scheduled(scene, film)

    looks = 0
    for number in range(55):
        looks += work_off(at=clock.now() + number * MINUTE)

    assert (again(delivery).state, again(delivery).tries) == (S.DUE, 0)
    assert looks > MOST_TRIES
    run_enqueued()
    work_off()
    assert again(delivery).state == S.DELIVERED


def test_a_video_that_cannot_be_made_fails_with_a_sentence(scene: Scene, film: Asset) -> None:
    delivery = scheduled(scene, film)
    work_off()
    RenditionOrder.objects.update(state=RenditionOrder.State.FAILED, failure_code="broken")

    work_off(at=clock.now() + 3 * MINUTE)

    failed = again(delivery)
    assert (failed.state, failed.failure_code) == (S.FAILED, "loa.video_broken")
    with translation.override("en"):
        assert "could not be prepared" in wording.reason(failed.failure_code)
    assert shown(scene) == []


@pytest.mark.usefixtures("hurried")
def test_what_the_platform_processes_for_long_is_asked_for_and_not_uploaded_again(
    scene: Scene, film: Asset
) -> None:
    scene.practice.client.add_fault("slow_media", seconds=300)
    delivery = scheduled(scene, film)
    work_off()
    run_enqueued()

    work_off(at=clock.now() + MINUTE)
    processing = again(delivery)
    work_off(at=clock.now() + 3 * MINUTE)
    scene.practice.client.set_clock(advance_s=310)
    work_off(at=clock.now() + 6 * MINUTE)

    assert (processing.state, processing.failure_code) == (S.DUE, "media.processing")
    assert (again(delivery).state, shown(scene)) == (S.DELIVERED, [("Sáng nay", 1)])
    assert uploads(scene) == ["Cà phê nhỏ giọt"]


@pytest.mark.usefixtures("hurried")
def test_other_words_for_the_video_are_uploaded_with_it(scene: Scene, film: Asset) -> None:
    scene.practice.client.add_fault("slow_media", seconds=300)
    delivery = scheduled(scene, film)
    run_enqueued()
    work_off()
    run_enqueued()
    work_off(at=clock.now() + MINUTE)

    describe_asset(film, alt_text="Cà phê phin", focus=(0.0, 0.0))
    work_off(at=clock.now() + 3 * MINUTE)
    scene.practice.client.set_clock(advance_s=310)
    work_off(at=clock.now() + 6 * MINUTE)

    assert again(delivery).state == S.DELIVERED
    assert uploads(scene) == ["Cà phê nhỏ giọt", "Cà phê phin"]


@pytest.mark.usefixtures("hurried")
def test_what_is_processed_for_ever_ends_in_a_sentence_and_not_in_a_post(
    scene: Scene, film: Asset
) -> None:
    scene.practice.client.add_fault("slow_media", seconds=86_400, count=None)
    delivery = scheduled(scene, film)
    work_off()
    run_enqueued()

    minutes = 1
    while again(delivery).state == S.DUE:
        work_off(at=clock.now() + minutes * MINUTE)
        minutes += 5

    ended = again(delivery)
    assert (ended.state, ended.needs_person) == (S.FAILED, True)
    assert wording.reason(ended.failure_code)
    assert (shown(scene), uploads(scene)) == ([], ["Cà phê nhỏ giọt"])
