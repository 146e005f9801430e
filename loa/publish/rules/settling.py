"""How an uncertain delivery is settled: send again under its key, look, or ask a person.

"Could not look" is not "not there": only a clean negative read counts as a miss, and two
of them, a minute apart, are needed before anything is sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from loa.connectors.contract import Idempotency
from loa.publish.rules.retries import backoff_s, key_lives

MISSES_NEEDED = 2
BETWEEN_LOOKS = timedelta(seconds=60)
# A request that was allowed to start is written within this time, or never (sending.py).
WRITE_WINDOW = timedelta(seconds=10)
# When looking keeps failing, a person is asked as well; looking goes on.
PATIENCE = timedelta(hours=1)


class Step(StrEnum):
    """What to do next with an uncertain delivery."""

    RESEND = "resend"
    LOOK = "look"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Means:
    """What the platform offers to settle a doubt."""

    idempotency: Idempotency
    can_read_back: bool
    key_lives_s: float | None = None
    settles_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """What we know about an uncertain delivery.

    unproven_since: when the visible call was first begun without a proven end.
    sending_at: when it was last begun. misses: clean negative reads so far.
    """

    unproven_since: datetime
    sending_at: datetime
    misses: int = 0
    last_miss_at: datetime | None = None
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The next step and the earliest instant for it; `at` means nothing for ASK."""

    step: Step
    at: datetime


def next_step(doubt: Doubt, means: Means, *, now: datetime, jitter: float = 0.0) -> Plan:
    """Return what settles `doubt` next.

    A living native key comes first: sending again under it cannot make a second post.
    """
    if means.idempotency is Idempotency.NATIVE_KEY and _key_lives(doubt, means, now):
        return Plan(Step.RESEND, now + timedelta(seconds=backoff_s(doubt.tries, jitter=jitter)))
    if not means.can_read_back or means.idempotency is Idempotency.NONE:
        return Plan(Step.ASK, now)
    if doubt.misses >= MISSES_NEEDED:
        return Plan(Step.RESEND, now)
    return Plan(Step.LOOK, max(now, _look_at(doubt, means)))


def was_clean_miss(doubt: Doubt, means: Means, *, looked_at: datetime) -> bool:
    """Say whether not finding it at `looked_at` counts: late enough, and apart from the last."""
    return looked_at >= _look_at(doubt, means)


def asks_a_person(doubt: Doubt, *, now: datetime) -> bool:
    """Say whether looking has failed for so long that a person should know."""
    return now - doubt.unproven_since >= PATIENCE


def may_judge(doubt: Doubt, means: Means, *, now: datetime) -> bool:
    """Say whether a person can already tell that it is not live: it had time to appear."""
    return now >= doubt.sending_at + WRITE_WINDOW + timedelta(seconds=means.settles_s)


def _key_lives(doubt: Doubt, means: Means, now: datetime) -> bool:
    unproven_for_s = (now - doubt.unproven_since).total_seconds()
    return key_lives(unproven_for_s=unproven_for_s, key_lives_s=means.key_lives_s)


def _look_at(doubt: Doubt, means: Means) -> datetime:
    """Return the earliest instant at which not finding it would mean something."""
    settled = doubt.sending_at + WRITE_WINDOW + timedelta(seconds=means.settles_s)
    if doubt.last_miss_at is None:
        return settled
    return max(settled, doubt.last_miss_at + BETWEEN_LOOKS)
