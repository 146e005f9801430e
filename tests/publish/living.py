"""A delivery that is live, and what members ask to be done with it."""

from datetime import timedelta
from typing import Any

from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher.live_changes import work_off_changes
from loa.publish.models import Delivery, LiveChange
from loa.workspace.models import Member
from tests.publish.scene import Scene, again, work_off

LATER = timedelta(seconds=11)


def a_live_one(scene: Scene, **said: Any) -> Delivery:
    """Publish one."""
    [delivery] = scene.scheduled(scene.channel(), **said)
    work_off()
    return again(delivery)


def edit(scene: Scene, delivery: Delivery, *captions: str, by: Member | None = None) -> LiveChange:
    """Ask for other words."""
    with fence.inside(scene.workspace.pk):
        return actions.edit_live(delivery, captions=captions, by=by or scene.ana)


def remove(scene: Scene, delivery: Delivery) -> LiveChange:
    """Ask for it to come down."""
    with fence.inside(scene.workspace.pk):
        return actions.remove_live(delivery, by=scene.ana)


def later(by: timedelta = LATER) -> None:
    """Work off what is due by then."""
    with clock.ahead(by):
        work_off_changes()


def state_of(scene: Scene, change: LiveChange) -> str:
    """Return where a change is by now."""
    with fence.inside(scene.workspace.pk):
        return LiveChange.objects.get(pk=change.pk).state


def events(scene: Scene, kind: str) -> list[dict[str, Any]]:
    """Return what the network has written down of one kind."""
    return [one for one in scene.practice.client.ledger() if one["event"] == kind]
