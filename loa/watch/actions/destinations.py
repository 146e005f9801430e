"""Add, try, switch and remove the places alerts are sent to."""

from collections.abc import Mapping
from datetime import time

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, fence
from loa.watch.actions.posting import Outcome, Text, post
from loa.watch.models import Destination, Notice
from loa.workspace.actions import open_for, record_audit, seal_for
from loa.workspace.models import Member, Workspace

TABLE = "watch_destination"


class DestinationGone(LoaError):
    """The destination was removed in the meantime."""


def add_destination(
    workspace: Workspace,
    *,
    by: Member,
    kind: str,
    name: str,
    secret: Mapping[str, str],
    shown: str,
    quiet: tuple[time | None, time | None] = (None, None),
) -> Destination:
    """Keep where alerts go; the secret (address, token) is sealed like a grant.

    shown: enough to recognise it by, without what is secret.
    """
    with fence.inside(workspace.pk):
        place = Destination.objects.create(
            workspace=workspace,
            kind=kind,
            name=normalise(name).strip(),
            shown=shown[:160],
            quiet_from=quiet[0],
            quiet_to=quiet[1],
            added_by=by,
            added_at=clock.now(),
        )
        place.sealed_secret = seal_for(workspace, secret, table=TABLE, row=place.pk)
        place.save(update_fields=["sealed_secret"])
        _audit(place, by, "alerts.destination_added")
        return place


def remove_destination(workspace: Workspace, destination_id: int, *, by: Member) -> str:
    """Remove a destination with what still waits for it; return its name."""
    with fence.inside(workspace.pk):
        place = locked(workspace, destination_id)
        _audit(place, by, "alerts.destination_removed")
        place.delete()
        return place.name


def switch_destination(
    workspace: Workspace, destination_id: int, *, on: bool, by: Member
) -> Destination:
    """Switch a destination off, or on again with a clean slate. What waited off is dropped."""
    with fence.inside(workspace.pk):
        place = locked(workspace, destination_id)
        place.off_at = None if on else clock.now()
        place.tries, place.failure_code, place.next_try_at = 0, "", None
        place.save(update_fields=["off_at", "tries", "failure_code", "next_try_at"])
        if not on:
            Notice.objects.in_workspace(workspace).filter(destination=place, sent_at=None).delete()
        _audit(place, by, "alerts.destination_on" if on else "alerts.destination_off")
        return place


def test_destination(workspace: Workspace, destination_id: int, *, text: Text) -> Outcome:
    """Send `text` there now and return what the other side said."""
    with fence.inside(workspace.pk):
        place = find(workspace, destination_id)
        outcome = post(place.kind, opened(place), text, now=clock.now())
        place.failure_code = outcome.code
        if outcome.code:
            place.failed_at = clock.now()
        else:
            place.reached_at = clock.now()
            place.tries, place.next_try_at = 0, None
        place.save(
            update_fields=["failure_code", "failed_at", "reached_at", "tries", "next_try_at"]
        )
        return outcome


def find(workspace: Workspace, destination_id: int) -> Destination:
    """Return a destination of the workspace; DestinationGone."""
    place = Destination.objects.in_workspace(workspace).filter(pk=destination_id).first()
    if place is None:
        raise DestinationGone
    return place


def locked(workspace: Workspace, destination_id: int) -> Destination:
    """Return a destination of the workspace, locked; DestinationGone."""
    rows = Destination.objects.in_workspace(workspace).select_for_update()
    place = rows.filter(pk=destination_id).first()
    if place is None:
        raise DestinationGone
    return place


def opened(place: Destination) -> dict[str, str]:
    """Return the secret of a destination."""
    return open_for(place.workspace, place.sealed_secret, table=TABLE, row=place.pk)


def _audit(place: Destination, by: Member, action: str) -> None:
    record_audit(
        place.workspace,
        member=by,
        action=action,
        subject=f"destination:{place.pk}",
        detail={"name": place.name, "kind": place.kind},
    )
