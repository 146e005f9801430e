"""The pages of deliveries: what a person sees and may decide."""

from collections.abc import Iterator

import pytest
from django.test import Client

from loa.ops import fence
from practice_network.testing import Running
from tests.cast import signed_in
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


@pytest.fixture
def browser(scene: Scene) -> Client:
    return signed_in(scene.ana)


def test_the_log_and_the_receipt_show_what_is_live(scene: Scene, browser: Client) -> None:
    [delivery] = scene.scheduled(scene.channel())
    work_off()

    log = browser.get(f"/w/{scene.workspace.slug}/deliveries/").content.decode()
    receipt = browser.get(f"/w/{scene.workspace.slug}/deliveries/{delivery.pk}/").content.decode()

    assert "Bánh mì nóng đây!" in log
    assert again(delivery).url in receipt
    assert "It is live: the platform confirmed it." in receipt
