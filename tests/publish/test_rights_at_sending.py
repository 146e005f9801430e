"""Rights that end, or somebody who no longer agrees, keep a scheduled post in."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from loa.library import actions as library
from loa.library.models import Asset
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.models import Delivery, DeliveryPart
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.cast import a_post, an_asset
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
DAY = timedelta(days=1)


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


def a_picture_until(scene: Scene, until: date | None) -> Asset:
    asset = an_asset(scene.workspace)
    return library.note_rights(asset, terms=library.Terms(until=until), by=scene.ana)


def scheduled(scene: Scene, asset: Asset, *, days: int = 0) -> Delivery:
    due_at = clock.now() + days * DAY
    post = a_post(scene.workspace, channels=(scene.channel(),), due_at=due_at, assets=(asset,))
    [delivery] = actions.schedule_post(post, by=scene.ana)
    return delivery


def test_a_post_is_not_scheduled_for_a_day_on_which_its_picture_may_not_be_used(
    scene: Scene,
) -> None:
    asset = a_picture_until(scene, clock.now().date() + 5 * DAY)

    scheduled(scene, asset, days=2)
    late = a_post(
        scene.workspace,
        channels=(scene.channel("xoi"),),
        due_at=clock.now() + 9 * DAY,
        assets=(asset,),
    )
    with pytest.raises(actions.HasBlockingFindings) as refused:
        actions.schedule_post(late, by=scene.ana)

    [found] = refused.value.findings.values()
    assert "rights.ended" in {one.code for one in found}


def test_a_scheduled_post_does_not_move_beyond_the_rights_of_its_picture(scene: Scene) -> None:
    asset = a_picture_until(scene, clock.now().date() + 5 * DAY)
    delivery = scheduled(scene, asset, days=2)
    variant = delivery.variant
    assert variant is not None
    planned = variant.planned
    assert planned is not None
    later = type(planned)(planned.local + 9 * DAY, planned.zone)

    with pytest.raises(actions.RightsEnd):
        actions.reschedule_variants(delivery.post, times={variant.pk: later}, by=scene.ana)

    assert again(delivery).due_at == delivery.due_at


def test_rights_that_ended_after_scheduling_keep_the_post_in_and_say_why(scene: Scene) -> None:
    asset = a_picture_until(scene, None)
    delivery = scheduled(scene, asset)
    library.note_rights(
        asset, terms=library.Terms(until=clock.now().date() - 2 * DAY), by=scene.ana
    )

    work_off()

    kept = again(delivery)
    assert (kept.state, kept.failure_code) == (S.FAILED, "rights.ended")
    assert kept.needs_person
    assert scene.ledger() == []


def test_who_no_longer_agrees_is_not_shown_by_what_was_scheduled(scene: Scene) -> None:
    asset = a_picture_until(scene, None)
    delivery = scheduled(scene, asset)
    consent = library.add_consent(asset, person="Lan", by=scene.ana)
    library.withdraw_consent(consent, today=clock.now().date() - DAY, by=scene.ana)

    work_off()

    assert again(delivery).failure_code == "consent.ended"
    assert scene.ledger() == []


def test_a_thread_that_has_begun_to_appear_is_finished(scene: Scene) -> None:
    asset = a_picture_until(scene, None)
    [delivery] = scene.scheduled(scene.channel(), parts=["một", "hai"])
    scene.practice.client.add_fault(
        "status", operation="create_post", when="before", skip=1, count=1, status=503
    )
    work_off()
    assert DeliveryPart.objects.filter(delivery=delivery, state=S.DELIVERED).count() == 1
    outgoing = again(delivery).outgoing
    assert outgoing is not None
    document = dict(outgoing["document"])
    document["parts"][1]["attachments"] = [{"asset_id": asset.pk}]
    Delivery.objects.filter(pk=delivery.pk).update(outgoing=outgoing | {"document": document})
    library.note_rights(
        asset, terms=library.Terms(until=clock.now().date() - 2 * DAY), by=scene.ana
    )

    work_off(at=clock.now() + timedelta(minutes=1))

    assert again(delivery).failure_code != "rights.ended"
