"""Send what waits, destination by destination: everything that is due there in one message.

A hundred failures of a minute are one message, and so is a night of quiet hours. Whoever sends
holds the destination by a lease, never by a lock: the other side may take its time. When the
sender dies in between, the same message goes again with the same id.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from loa.ops import clock, fence, live, log_ids
from loa.ops.models import FencedQuerySet
from loa.ops.sealing import CannotOpen
from loa.watch.actions.destinations import opened
from loa.watch.actions.posting import Outcome, Text, post
from loa.watch.models import Destination, Notice
from loa.watch.rules import pacing

LEASE = timedelta(seconds=60)
MOST_IN_ONE = 200
MOST_AT_ONCE = 50
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """One message under way: to whom, about what, under which id."""

    place: Destination
    notices: Sequence[Notice]
    message_id: uuid.UUID


# Says the notices of one message in the workspace's language and time.
type Say = Callable[[Telling], Text]


def send_notices(say: Say) -> int:
    """Send what is due; return how many messages were taken. Safe to run at the same time."""
    taken = 0
    for _ in range(MOST_AT_ONCE):
        telling = _claim(clock.now())
        if telling is None:
            return taken
        with log_ids.about(
            workspace_id=telling.place.workspace_id, destination_id=telling.place.pk
        ):
            taken += not _settle(telling, _hand_over(telling, say)).code
    return taken


def is_waiting() -> bool:
    """Say whether something is due to be sent; needs a fence that shows all."""
    return _due(clock.now()).exists()


def _due(now: datetime) -> FencedQuerySet[Destination]:
    waiting = Notice.objects.filter(destination=OuterRef("pk"), sent_at=None, given_up_at=None)
    return Destination.objects.filter(
        Exists(waiting), Q(next_try_at=None) | Q(next_try_at__lte=now), off_at=None
    )


def _claim(now: datetime) -> Telling | None:
    """Hold the next destination that may be written to, and say what it is to be told."""
    with fence.everywhere("send alerts"):
        rows = (
            _due(now).select_related("workspace").select_for_update(skip_locked=True, of=("self",))
        )
        for place in rows.order_by("next_try_at", "pk"):
            later = _not_before(place, now)
            place.next_try_at = later or now + LEASE
            place.save(update_fields=["next_try_at"])
            if later is None:
                return _gathered(place)
    return None


def _not_before(place: Destination, now: datetime) -> datetime | None:
    quiet = pacing.quiet_until(
        now,
        begins=place.quiet_from,
        ends=place.quiet_to,
        zone=ZoneInfo(place.workspace.time_zone),
    )
    if quiet is not None:
        return quiet
    sent = Notice.objects.filter(destination=place, sent_at__gt=now - timedelta(hours=1))
    if sent.values("message").distinct().count() >= pacing.MOST_PER_HOUR:
        return now + pacing.FULL_WAIT
    return None


def _gathered(place: Destination) -> Telling:
    """Return the message that was begun before, else a new one of all that waits."""
    waiting = Notice.objects.filter(destination=place, sent_at=None, given_up_at=None)
    begun = waiting.exclude(message=None).order_by("pk").values_list("message", flat=True).first()
    if begun is None:
        begun = uuid.uuid4()
        first = waiting.order_by("pk").values("pk")[:MOST_IN_ONE]
        Notice.objects.filter(pk__in=list(first.values_list("pk", flat=True))).update(message=begun)
    notices = waiting.filter(message=begun).select_related("alert").order_by("pk")
    return Telling(place, list(notices), begun)


def _hand_over(telling: Telling, say: Say) -> Outcome:
    try:
        with fence.inside(telling.place.workspace_id):
            secret = opened(telling.place)
    except CannotOpen:
        return Outcome(code="loa.cannot_open")
    try:
        text = say(telling)
    except Exception:  # noqa: BLE001 - told, logged, and tried again like any other failure
        # An alert without words (of a kind that another release knows) stops no other message.
        _log.exception("message %s cannot be put into words", telling.message_id)
        return Outcome(code="loa.broken")
    return post(telling.place.kind, secret, text, now=clock.now())


def _settle(telling: Telling, outcome: Outcome) -> Outcome:
    now = clock.now()
    with fence.inside(telling.place.workspace_id):
        rows = Destination.objects.filter(pk=telling.place.pk).select_for_update()
        place = rows.first()
        if place is None:
            return outcome
        waiting = Notice.objects.filter(destination=place, sent_at=None, given_up_at=None)
        ours = waiting.filter(message=telling.message_id)
        place.failure_code = outcome.code
        if not outcome.code:
            ours.update(sent_at=now)
            place.tries, place.next_try_at, place.reached_at = 0, None, now
        else:
            _put_off(place, outcome, now)
            if outcome.is_gone:
                waiting.update(given_up_at=now)
            elif pacing.gives_up(place.tries):
                ours.update(given_up_at=now)
                place.tries = 0
        place.save(
            update_fields=[
                "failure_code",
                "failed_at",
                "reached_at",
                "tries",
                "next_try_at",
                "off_at",
            ]
        )
        live.announce(workspace_id=place.workspace_id, topic="alert", subject_id=0)
    return outcome


def _put_off(place: Destination, outcome: Outcome, now: datetime) -> None:
    place.failed_at = now
    place.tries += 1
    place.next_try_at = now + pacing.wait_after(place.tries, asked=outcome.wait)
    if outcome.is_gone:
        place.off_at = now
