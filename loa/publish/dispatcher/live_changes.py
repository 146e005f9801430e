"""Ask platforms to change what is live. Every step may be repeated, so a lost one simply is.

A removal goes on while sending is paused: in an emergency it is what is needed. An edit waits.

Whoever works on a change holds it by a lease, and its number of tries is the fence: a worker that
was slow writes nothing over the next one's claim, and one that was frozen asks nothing any more.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from loa.connectors import transport
from loa.connectors.contract import Published
from loa.connectors.errors import ChannelLost, GrantExpired
from loa.content.rules.document import document_from_json
from loa.kernel.errors import LoaError
from loa.ops import clock, fence
from loa.ops.models import FencedQuerySet
from loa.publish.actions.telling import note_delivery, tell_pages
from loa.publish.dispatcher.changes import LONGEST_CODE, LONGEST_DETAIL, hold_channels, plain
from loa.publish.dispatcher.doubts import work_of
from loa.publish.dispatcher.opening import OpenChannels, Opened
from loa.publish.dispatcher.quotas import pay
from loa.publish.dispatcher.work import HeldPart, Work
from loa.publish.models import Attempt, Delivery, DeliveryPart, DeliveryQuerySet, LiveChange
from loa.publish.rules import live_changes, retries, threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.live_changes import ChangeKind, ChangeState

LEASE = timedelta(seconds=90)
FOLLOWED_FOR = timedelta(days=7)
STEP_BUDGET_S = 60.0
SHORTEST_WAIT = timedelta(seconds=1)
_log = logging.getLogger(__name__)


class LeaseOver(LoaError):
    """The change may be somebody else's by now."""


def work_off_changes() -> datetime | None:
    """Make every change that is due; return when the next one is, None when none waits."""
    _follow_removals(clock.now())
    while (claimed := _claim_next(clock.now())) is not None:
        held_until_s = clock.monotonic_s() + LEASE.total_seconds()
        if isinstance(claimed, LiveChange):
            _make(claimed, held_until_s)
    with fence.everywhere("see when the next change of a live post is due"):
        # What could go and may not now, for its channel is paused, is looked at now and then.
        later = LiveChange.objects.filter(state=ChangeState.DUE, ready_at__gt=clock.now())
        return later.order_by("ready_at").values_list("ready_at", flat=True).first()


def _follow_removals(now: datetime) -> None:
    """Ask for the removal of first comments that turned out to be live after their post went."""
    with fence.everywhere("find comments whose post was taken down"):
        removals = LiveChange.objects.filter(
            kind=ChangeKind.REMOVE, state=ChangeState.DONE, ended_at__gt=now - FOLLOWED_FOR
        )
        asked_by = dict(removals.values_list("delivery_id", "asked_by_id"))
        left = Delivery.all_work.select_for_update(of=("self",), skip_locked=True).filter(
            after__in=asked_by, state=S.DELIVERED, removed_at=None, live_changes=None
        )
        LiveChange.objects.bulk_create(
            LiveChange(
                workspace_id=one.workspace_id,
                delivery=one,
                kind=ChangeKind.REMOVE,
                state=ChangeState.DUE,
                asked_by_id=asked_by[one.after_id or 0],
                asked_at=now,
                ready_at=now,
            )
            for one in left
        )


@dataclass(frozen=True, slots=True)
class PutOff:
    """A change that waits for a quota; the next one may go."""


def _claim_next(now: datetime) -> LiveChange | PutOff | None:
    """Take the next change that is due; each that is put off is committed by itself."""
    with fence.everywhere("claim a change of what is live"):
        due = Q(state=ChangeState.DUE) | Q(state=ChangeState.SENDING, lease_until__lt=now)
        goes_out = Q(delivery__channel__paused_at=None, delivery__workspace__sending_paused_at=None)
        change = (
            LiveChange.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(due, ready_at__lte=now, delivery__channel__state="connected")
            .filter(goes_out | Q(kind=ChangeKind.REMOVE))
            .exclude(delivery__channel__hold_until__gt=now)
            .select_related("delivery__channel", "delivery__workspace")
            .order_by("ready_at", "pk")
            .first()
        )
        if change is None:
            return None
        wait_until = pay(change.delivery.channel, change.kind, now=now)
        if wait_until is not None:
            change.ready_at = max(wait_until, now + SHORTEST_WAIT)
            change.save(update_fields=["ready_at"])
            return PutOff()
        change.state, change.lease_until = ChangeState.SENDING, now + LEASE
        change.tries += 1
        change.save(update_fields=["state", "lease_until", "tries"])
        return change


def _make(change: LiveChange, held_until_s: float) -> None:
    """Work off the parts that are left, keeping what was done after each.

    held_until_s: monotonic, when the lease ends; each part that is done renews it.
    """
    channels = OpenChannels()
    works = _works(change)
    steps = [(work, part) for work in works for part in _in_order(change, work)]
    opened: Opened | None = None
    for number, (work, part) in enumerate(steps[change.parts_done :], start=change.parts_done):
        began = clock.now()
        try:
            opened = channels.open(work)
            published = _ask_platform(change, work, part, opened, held_until_s)
        except LeaseOver:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, it is sorted and recorded
            sorted_out = _after_trouble(channels, work, opened, error)
            _record_failure(change, work, part, sorted_out, began)
            return
        held_until_s = clock.monotonic_s() + LEASE.total_seconds()
        if not _record_step(change, work, part, published, began=began, done=number + 1):
            return
    _finish(change)


def _works(change: LiveChange) -> list[Work]:
    """Return what is to be changed; of a removal the first comment comes down first."""
    with fence.inside(change.workspace_id):
        found = (
            _deliveries_of(change)
            .select_related("channel")
            .prefetch_related("parts")
            .order_by("-pk")
        )
        return [work_of(one, look_token=None) for one in found]


def _deliveries_of(change: LiveChange) -> DeliveryQuerySet:
    """Return the delivery and, of a removal, the comment that was live when it was asked for.

    The same at each try: parts are counted as they are done. What comes later is followed.
    """
    rows = Q(pk=change.delivery_id)
    if change.kind == ChangeKind.REMOVE:
        rows |= Q(after=change.delivery_id, state=S.DELIVERED, delivered_at__lte=change.asked_at)
    return Delivery.all_work.filter(rows)


def _in_order(change: LiveChange, work: Work) -> list[HeldPart]:
    """Return the live parts in the order in which they are changed: a thread ends from its end."""
    parts = [part for part in work.parts if part.published and part.published.external_id]
    if change.kind == ChangeKind.REMOVE:
        return parts[::-1]
    return parts


def _ask_platform(
    change: LiveChange, work: Work, part: HeldPart, opened: Opened, held_until_s: float
) -> Published | None:
    if part.published is None:
        raise RuntimeError("only what is live can be changed")
    connector = opened.connector
    if change.kind == ChangeKind.REMOVE:
        transport.drive(
            connector.delete(part.published, opened.ref),
            platform=connector.name,
            budget_s=_time_left_s(held_until_s),
        )
        return None
    if connector.edit is None or change.document is None:
        raise RuntimeError("an edit needs words and a platform that takes them")
    document = document_from_json(change.document)
    new, old = document.parts[part.position], work.frozen.document.parts[part.position]
    if new == old:
        return None
    frozen = threading.Frozen(
        document, work.frozen.language, work.frozen.created_at, under=work.frozen.under
    )
    out = threading.outgoing_part(
        frozen,
        part.position,
        key=part.key,
        reference=part.reference,
        earlier=work.live[: part.position],
        media=OpenChannels().pictures(opened, new),
        staged=threading.staged_from_json(part.staged),
    )
    return transport.drive(
        connector.edit(out, part.published, opened.ref),
        platform=connector.name,
        budget_s=_time_left_s(held_until_s),
    )


def _time_left_s(held_until_s: float) -> float:
    """Return how long the platform may be asked; LeaseOver when this process slept too long."""
    left_s = held_until_s - clock.monotonic_s()
    if left_s <= 0:
        raise LeaseOver(f"{-left_s:.0f} s ago")
    return min(STEP_BUDGET_S, left_s)


def _held(change: LiveChange) -> FencedQuerySet[LiveChange]:
    """Return the change as long as this try of it is the one that counts."""
    return LiveChange.objects.filter(pk=change.pk, state=ChangeState.SENDING, tries=change.tries)


def _after_trouble(
    channels: OpenChannels, work: Work, opened: Opened | None, error: Exception
) -> Exception:
    """Renew an expired grant for the next try, or note that it is gone."""
    _log.info("change of delivery %s: %s", work.delivery_id, error)
    try:
        if isinstance(error, GrantExpired) and opened is not None:
            channels.renew(opened)
        if isinstance(error, ChannelLost) and not channels.is_lost(work, opened, error):
            return GrantExpired(error.detail, platform=error.platform, code="grant.replaced")
    except ChannelLost as lost:
        channels.is_lost(work, opened, lost)
        return lost
    except Exception as instead:  # noqa: BLE001 - the try is recorded with what went wrong last
        return instead
    return error


def _record_step(
    change: LiveChange,
    work: Work,
    part: HeldPart,
    published: Published | None,
    *,
    began: datetime,
    done: int,
) -> bool:
    """Keep that a part is done; return whether the change is still this worker's."""
    with fence.inside(change.workspace_id):
        is_ours = _held(change).update(parts_done=done, lease_until=clock.now() + LEASE)
        if published is not None:
            DeliveryPart.objects.filter(pk=part.part_id).update(
                url=published.url[:1024], facts=dict(published.facts)
            )
        if published is not None or change.kind == ChangeKind.REMOVE:
            _note_try(change, work, part, began, outcome="ok")
    return bool(is_ours)


def _record_failure(
    change: LiveChange, work: Work, part: HeldPart, error: Exception, began: datetime
) -> None:
    failure = retries.failure_of(error, visible=False)
    now = clock.now()
    state, ready_at = live_changes.after_failure(
        failure,
        tries=change.tries,
        now=now,
        jitter=random.random(),  # noqa: S311 - it spreads tries, nothing else
    )
    with fence.inside(change.workspace_id):
        _held(change).update(
            state=state,
            ready_at=ready_at,
            lease_until=None,
            ended_at=now if state == ChangeState.FAILED else None,
            failure_code=failure.code[:LONGEST_CODE],
            failure_detail=plain(failure.detail)[:LONGEST_DETAIL],
        )
        if failure.kind is retries.Kind.RATE_LIMITED:
            # Nothing else on the channel is asked before, be it a change or a post.
            hold_s = max((ready_at - now).total_seconds(), retries.SHORTEST_HOLD_S)
            hold_channels(connection.cursor(), {work.channel_id: hold_s}, now=now)
        _note_try(
            change,
            work,
            part,
            began,
            outcome=str(failure.kind),
            code=failure.code[:LONGEST_CODE],
            detail=plain(failure.detail)[:LONGEST_DETAIL],
            status=failure.status,
        )
        tell_pages([change.delivery])


def _finish(change: LiveChange) -> None:
    """Note that all of it is as it was wished."""
    now = clock.now()
    with fence.inside(change.workspace_id):
        delivery = (
            Delivery.all_work.select_for_update(of=("self",))
            .select_related("workspace")
            .get(pk=change.delivery_id)
        )
        ended = _held(change).update(
            state=ChangeState.DONE, ended_at=now, lease_until=None, failure_code=""
        )
        if not ended:
            return
        if change.kind == ChangeKind.REMOVE:
            _deliveries_of(change).filter(state=S.DELIVERED).update(removed_at=now)
            note_delivery(delivery, by=change.asked_by, action="delivery.removed")
        else:
            frozen = threading.frozen_from_json(delivery.outgoing or {})
            delivery.outgoing = {**frozen.to_json(), "document": change.document}
            delivery.edited_at = now
            delivery.save(update_fields=["outgoing", "edited_at"])
            note_delivery(delivery, by=change.asked_by, action="delivery.edited")
        tell_pages([delivery])


def _note_try(
    change: LiveChange,
    work: Work,
    part: HeldPart,
    began: datetime,
    *,
    outcome: str,
    code: str = "",
    detail: str = "",
    status: int | None = None,
) -> None:
    Attempt.objects.create(
        workspace_id=change.workspace_id,
        delivery_id=work.delivery_id,
        position=part.position,
        step=change.kind,
        started_at=began,
        ended_at=clock.now(),
        outcome=outcome,
        code=code,
        detail=detail,
        status=status,
    )
