"""Deliveries in trouble, destinations, and a look at all of it."""

from datetime import datetime, timedelta
from typing import Any

from loa.channels.models import Channel
from loa.ops import clock, fence
from loa.publish.actions import schedule_post
from loa.publish.models import Attempt, Delivery
from loa.watch import actions, wording
from loa.watch.models import Alert, Destination, Notice
from loa.watch.rules.judging import CALM
from loa.workspace.models import Workspace
from tests import cast

KEY = "a key of the bakery"


def a_webhook(workspace: Workspace, url: str, **more: Any) -> Destination:
    """Let alerts go to a webhook."""
    return actions.add_destination(
        workspace,
        by=cast.the_owner(workspace),
        kind=Destination.Kind.WEBHOOK,
        name="Night shift",
        secret={"url": f"{url}/alerts", "signing_key": KEY},
        shown="127.0.0.1",
        **more,
    )


def failed_deliveries(channel: Channel, count: int = 1) -> list[int]:
    """Let deliveries fail so that a person must decide."""
    workspace = channel.workspace
    ids = []
    for _ in range(count):
        post = cast.a_post(workspace, channels=(channel,), due_at=clock.now() + timedelta(hours=1))
        with fence.inside(workspace.pk):
            [one] = schedule_post(post, by=cast.the_owner(workspace))
        ids.append(one.pk)
    with fence.inside(workspace.pk):
        Delivery.all_work.filter(pk__in=ids).update(
            state="failed", needs_person=True, failure_code="text.refused"
        )
    return ids


def settle(workspace: Workspace) -> None:
    """Let a person have decided on everything."""
    with fence.inside(workspace.pk):
        Delivery.all_work.in_workspace(workspace).update(needs_person=False)


def tries(delivery_id: int, workspace: Workspace, outcomes: list[str], at: datetime) -> None:
    """Write tries with these outcomes."""
    with fence.inside(workspace.pk):
        Attempt.objects.bulk_create(
            Attempt(
                workspace=workspace,
                delivery_id=delivery_id,
                step="publish",
                started_at=at,
                ended_at=at + timedelta(seconds=1),
                outcome=outcome,
            )
            for outcome in outcomes
        )


def look(later: timedelta = timedelta()) -> int:
    """Look, at a later time."""
    with clock.ahead(later):
        return actions.look()


def tell(later: timedelta = timedelta()) -> int:
    """Send what is due, at a later time."""
    with clock.ahead(later):
        return actions.send_notices(wording.said)


def calm_down() -> timedelta:
    """See that all is well for long enough; return how much later it then is."""
    look(timedelta(minutes=1))
    later = timedelta(minutes=2) + CALM
    look(later)
    return later


def alerts(workspace: Workspace, **which: Any) -> list[Alert]:
    """Return the alerts of a workspace, oldest first."""
    with fence.inside(workspace.pk):
        return list(Alert.objects.in_workspace(workspace).filter(**which).order_by("pk"))


def notices(workspace: Workspace, **which: Any) -> list[Notice]:
    """Return the notices of a workspace, oldest first."""
    with fence.inside(workspace.pk):
        return list(Notice.objects.in_workspace(workspace).filter(**which).order_by("pk"))


def again(place: Destination) -> Destination:
    """Return a destination as it is now."""
    with fence.inside(place.workspace_id):
        return Destination.objects.get(pk=place.pk)
