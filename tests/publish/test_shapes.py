"""A picture-first account on the real practice network: what it gets is cropped to its shapes."""

import io
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from loa.channels.actions import connect_with_form
from loa.channels.models import Channel
from loa.channels.queries import limits_of
from loa.connectors import transport
from loa.connectors.contract import Request, ask
from loa.content.rules.document import Attachment, Document, Part
from loa.library.actions import describe_asset, keep_upload
from loa.library.models import Asset
from loa.ops import fence
from loa.publish import actions
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = pytest.mark.django_db(transaction=True)

SKY, RIVER = (90, 170, 230), (30, 90, 60)


@pytest.fixture
def scene(practice: Running, settings: Settings, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path / "media"
    return a_scene(practice)


def a_gallery(scene: Scene) -> Channel:
    """Connect a picture-first account the way a person does."""
    opened = scene.practice.client.open_account("tiem_anh", kind="pictures")
    typed = {
        "base_url": scene.practice.base_url,
        "handle": opened.handle,
        "access_code": opened.access_code,
    }
    with fence.inside(scene.workspace.pk):
        return connect_with_form(scene.workspace, platform="sandbox", values=typed, by=scene.ana)


def a_tall_one(scene: Scene, *, focus: tuple[float, float]) -> Asset:
    """Keep a picture twice as tall as wide: the sky above, the river below."""
    picture, file = Image.new("RGB", (400, 800), RIVER), io.BytesIO()
    picture.paste(SKY, (0, 0, 400, 400))
    picture.save(file, "PNG")
    file.seek(0)
    with fence.inside(scene.workspace.pk):
        asset = keep_upload(file, filename="song.png", by=scene.ana)
        describe_asset(asset, alt_text="Sông", focus=focus)
        return Asset.objects.get(pk=asset.pk)


def test_connecting_reads_the_limits_of_the_account(scene: Scene) -> None:
    images = limits_of(a_gallery(scene)).images

    assert (images.min_count, images.min_ratio, images.max_ratio) == (1, 0.8, 1.91)


@pytest.mark.parametrize(("focus", "colour"), [((0.0, 1.0), SKY), ((0.0, -1.0), RIVER)])
def test_a_tall_picture_is_cropped_around_its_focal_point_before_it_is_sent(
    scene: Scene, focus: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    post, asset = scene.post(a_gallery(scene)), a_tall_one(scene, focus=focus)
    with fence.inside(scene.workspace.pk):
        post.shared = Document((Part("Sông", (Attachment(asset.pk),)),)).to_json()
        post.save()
        [delivery] = actions.schedule_post(post, by=scene.ana)

    work_off()

    assert again(delivery).state == S.DELIVERED
    [entry] = scene.practice.client.posts_in_ledger()
    shown = scene.practice.client.call("GET", f"/posts/{entry['subject']}")["media"][0]
    answer = transport.drive(ask(Request("GET", shown["url"])), platform="sandbox", budget_s=10)
    sent = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert sent.size == (400, 500)
    assert sent.getpixel((200, 10 if colour == SKY else 489)) == colour


def test_a_post_without_a_picture_is_stopped_before_it_is_sent(scene: Scene) -> None:
    post = scene.post(a_gallery(scene))

    with fence.inside(scene.workspace.pk), pytest.raises(actions.HasBlockingFindings) as stopped:
        actions.schedule_post(post, by=scene.ana)

    assert [one.code for found in stopped.value.findings.values() for one in found] == [
        "image.wanted"
    ]
    assert scene.ledger() == []
