"""What a delivery becomes when one step with it ended: live, failed, missing, or let go.

Whoever comes too late is judged by what the row says now. A proof that it is live is always
welcome; everything else counts only from the claim, or the look, that still holds the row.

What was taken from its place in line and comes back keeps that place (ready_at): it goes out
before what was due after it, and no doubt waits behind posts that have not begun.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from loa.publish.rules import lateness, settling
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.lifecycle import is_at_work, may_be_proven
from loa.publish.rules.retries import Failure, Kind, verdict
from loa.publish.rules.settling import Doubt, Means, Patience, Step

STOPPED = "thread.stopped"
SHORTEST_LOOK = timedelta(seconds=15)
LONGEST_LOOK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery as its row stands, and what its platform offers. has_live: of its parts."""

    state: S
    fence: int
    tries: int
    due_at: datetime
    ready_at: datetime
    late_after: datetime
    means: Means
    unproven_since: datetime | None = None
    sending_at: datetime | None = None
    look_at: datetime | None = None
    misses: int = 0
    last_miss_at: datetime | None = None
    failure_code: str = ""
    failure_detail: str = ""
    needs_person: bool = False
    has_live: bool = False

    @property
    def doubt(self) -> Doubt:
        """What is uncertain about it."""
        began = self.unproven_since or self.sending_at or self.due_at
        return Doubt(
            unproven_since=began,
            sending_at=self.sending_at or began,
            misses=self.misses,
            last_miss_at=self.last_miss_at,
            tries=self.tries,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What to write. stays_held: the worker goes on with the next part of the thread.

    keeps_frozen: what was claimed is what goes out next, too. part_is_due: the part at hand
    was proven not to be live. hold_s, loses_channel: what follows for the whole channel.
    """

    standing: Standing
    stays_held: bool = False
    keeps_frozen: bool = True
    part_is_due: bool = False
    hold_s: float = 0.0
    loses_channel: bool = False


def when_live(standing: Standing, *, fence: int, more: bool, now: datetime) -> Change | None:
    """Return what a proof of life changes. more: parts follow. None: it is known, or too late.

    A proof may come late: meanwhile the row was taken for dead, given up or even cancelled.
    """
    in_hand = standing.fence == fence and is_at_work(standing.state)
    if not in_hand and not may_be_proven(standing.state):
        return None
    proven = replace(
        standing,
        state=S.DELIVERED,
        tries=0,
        unproven_since=None,
        look_at=None,
        misses=0,
        last_miss_at=None,
        failure_code="",
        failure_detail="",
        needs_person=False,
        has_live=True,
    )
    if not more:
        return Change(proven)
    if in_hand:
        return Change(replace(proven, state=S.CLAIMED), stays_held=True)
    if standing.state in {S.CANCELLED, S.FAILED}:
        return Change(replace(proven, state=S.FAILED, failure_code=STOPPED))
    return Change(_due(proven, now=now))


def when_failed(
    standing: Standing,
    failure: Failure,
    *,
    fence: int,
    now: datetime,
    jitter: float,
    patience: Patience,
) -> Change | None:
    """Return what a failed try changes; None when somebody else holds the row by now."""
    if standing.fence != fence or not is_at_work(standing.state):
        return None
    judged = verdict(
        failure,
        tries=standing.tries + 1,
        waited_s=max(0.0, (now - standing.due_at).total_seconds()),
        jitter=jitter,
        has_native_key=standing.means.has_native_key,
    )
    unproven_since = _still_unproven(
        standing, proven=judged.proven_not_live, visible=failure.visible
    )
    after = replace(
        standing,
        state=judged.state,
        tries=standing.tries + judged.counts,
        unproven_since=unproven_since,
        failure_code=judged.code,
        failure_detail=failure.detail,
        needs_person=judged.state == S.FAILED,
    )
    if judged.state == S.FAILED and unproven_since is not None:
        # This try was refused, but an earlier one may be live: that is settled first.
        after = replace(after, state=S.UNCERTAIN, needs_person=False)
    if after.state == S.UNCERTAIN:
        after = doubtful(after, now=now, jitter=jitter, patience=patience)
    elif after.state == S.DUE and judged.wait_s:
        after = replace(after, ready_at=now + timedelta(seconds=judged.wait_s))
    return Change(
        after,
        keeps_frozen=standing.has_live or unproven_since is not None,
        part_is_due=unproven_since is None,
        hold_s=judged.hold_s,
        loses_channel=judged.loses_channel,
    )


def when_let_go(standing: Standing, *, fence: int) -> Change | None:
    """Return what follows when a worker gives a delivery back without having sent anything."""
    if standing.fence != fence or not is_at_work(standing.state):
        return None
    unproven_since = _still_unproven(standing, proven=True, visible=standing.state == S.SENDING)
    return Change(
        replace(standing, state=S.DUE, unproven_since=unproven_since),
        keeps_frozen=standing.has_live or unproven_since is not None,
        part_is_due=unproven_since is None,
    )


def when_owner_died(
    standing: Standing, *, now: datetime, jitter: float, patience: Patience
) -> Change | None:
    """Return what follows when the worker that holds the row is dead.

    Claimed: nothing was sent, so it is due again. Sending: it may be live.
    """
    if standing.state == S.CLAIMED:
        return when_let_go(standing, fence=standing.fence)
    if standing.state != S.SENDING:
        return None
    lost = replace(standing, state=S.UNCERTAIN, failure_code="worker.died", failure_detail="")
    return Change(doubtful(lost, now=now, jitter=jitter, patience=patience))


def when_missing(
    standing: Standing, *, looked_as: datetime, now: datetime, jitter: float, patience: Patience
) -> Change | None:
    """Return what follows when it was looked for and not found.

    looked_as: the look_at that the one who looked had set; None is returned when it changed.
    """
    if standing.state != S.UNCERTAIN or standing.look_at != looked_as:
        return None
    after = standing
    if settling.was_clean_miss(standing.doubt, standing.means, looked_at=now, patience=patience):
        after = replace(standing, misses=standing.misses + 1, last_miss_at=now)
    return settle(after, now=now, jitter=jitter, patience=patience)


def when_not_looked(
    standing: Standing, failure: Failure, *, looked_as: datetime, now: datetime, patience: Patience
) -> Change | None:
    """Return what follows when the platform could not be asked: look again, more slowly."""
    if standing.state != S.UNCERTAIN or standing.look_at != looked_as:
        return None
    since = now - standing.doubt.unproven_since
    wait = min(max(since / 4, SHORTEST_LOOK), LONGEST_LOOK)
    hold_s = failure.retry_after_s or 0.0
    asks = settling.asks_a_person(standing.doubt, now=now, patience=patience) or failure.kind in {
        Kind.CHANNEL_LOST,
        Kind.REFUSED,
    }
    return Change(
        replace(
            standing,
            look_at=now + max(wait, timedelta(seconds=hold_s)),
            needs_person=standing.needs_person or asks,
        ),
        hold_s=hold_s,
        loses_channel=failure.kind is Kind.CHANNEL_LOST,
    )


def settle(standing: Standing, *, now: datetime, jitter: float, patience: Patience) -> Change:
    """Return the next state of an uncertain delivery whose time to look has come."""
    plan = settling.next_step(
        standing.doubt, standing.means, now=now, jitter=jitter, patience=patience
    )
    if plan.step != Step.RESEND or plan.at > now:
        return Change(doubtful(standing, now=now, jitter=jitter, patience=patience))
    proven = standing.misses >= settling.MISSES_NEEDED
    due = _due(standing, now=now)
    if proven:
        due = replace(due, unproven_since=None, misses=0, last_miss_at=None)
    # The same words under the same key and reference: whatever is live is that very post.
    return Change(due, part_is_due=proven)


def doubtful(standing: Standing, *, now: datetime, jitter: float, patience: Patience) -> Standing:
    """Return an uncertain delivery with the time of its next step, or a person asked."""
    plan = settling.next_step(
        standing.doubt, standing.means, now=now, jitter=jitter, patience=patience
    )
    if plan.step == Step.ASK:
        return replace(standing, look_at=None, needs_person=True)
    return replace(standing, look_at=plan.at)


def _still_unproven(standing: Standing, *, proven: bool, visible: bool) -> datetime | None:
    """Return since when it may be live, after a try that was or was not proven to have failed.

    A proof about this try says nothing about an earlier one.
    """
    if not proven or standing.unproven_since is None:
        return standing.unproven_since
    if visible and standing.unproven_since == standing.sending_at:
        return None
    return standing.unproven_since


def _due(standing: Standing, *, now: datetime) -> Standing:
    """Return it due again; it was sent on time, so it has an hour of its own from now."""
    return replace(
        standing,
        state=S.DUE,
        late_after=max(standing.late_after, lateness.late_after(now, asked_at=now)),
        look_at=None,
        needs_person=False,
    )
