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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before believing something.

    between_looks: two misses count as two only this far apart. write_window: a request that
    was allowed to start is written within this time, or never. ask_after: when looking keeps
    failing for so long, a person is asked as well; looking goes on. first_resend: the wait
    before sending again under a native key, doubling with each try.
    """

    between_looks: timedelta = timedelta(seconds=60)
    write_window: timedelta = timedelta(seconds=10)
    ask_after: timedelta = timedelta(hours=1)
    first_resend: timedelta = timedelta(seconds=15)


PATIENT = Patience()


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

    @property
    def has_native_key(self) -> bool:
        """True when the platform honours our key, so that asking twice publishes once."""
        return self.idempotency is Idempotency.NATIVE_KEY and self.key_lives_s is not None


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


def next_step(
    doubt: Doubt, means: Means, *, now: datetime, jitter: float = 0.0, patience: Patience = PATIENT
) -> Plan:
    """Return what settles `doubt` next.

    A living native key comes first: sending again under it cannot make a second post.
    """
    if means.idempotency is Idempotency.NATIVE_KEY and _key_lives(doubt, means, now):
        first_s = patience.first_resend.total_seconds()
        wait_s = backoff_s(doubt.tries, jitter=jitter, first_s=first_s)
        return Plan(Step.RESEND, max(now, doubt.sending_at + timedelta(seconds=wait_s)))
    if not means.can_read_back or means.idempotency is Idempotency.NONE:
        return Plan(Step.ASK, now)
    if doubt.misses >= MISSES_NEEDED:
        return Plan(Step.RESEND, now)
    return Plan(Step.LOOK, max(now, _look_at(doubt, means, patience)))


def was_clean_miss(
    doubt: Doubt, means: Means, *, looked_at: datetime, patience: Patience = PATIENT
) -> bool:
    """Say whether not finding it at `looked_at` counts: late enough, and apart from the last."""
    return looked_at >= _look_at(doubt, means, patience)


def asks_a_person(doubt: Doubt, *, now: datetime, patience: Patience = PATIENT) -> bool:
    """Say whether looking has failed for so long that a person should know."""
    return now - doubt.unproven_since >= patience.ask_after


def may_judge(doubt: Doubt, means: Means, *, now: datetime, patience: Patience = PATIENT) -> bool:
    """Say whether a person can already tell that it is not live: it had time to appear."""
    return now >= judged_from(doubt, means, patience=patience)


def judged_from(doubt: Doubt, means: Means, *, patience: Patience = PATIENT) -> datetime:
    """Return the instant from which on not finding it means something: it had time to appear."""
    return doubt.sending_at + patience.write_window + timedelta(seconds=means.settles_s)


def _key_lives(doubt: Doubt, means: Means, now: datetime) -> bool:
    unproven_for_s = (now - doubt.unproven_since).total_seconds()
    return key_lives(unproven_for_s=unproven_for_s, key_lives_s=means.key_lives_s)


def _look_at(doubt: Doubt, means: Means, patience: Patience) -> datetime:
    """Return the earliest instant at which not finding it would mean something."""
    settled = judged_from(doubt, means, patience=patience)
    if doubt.last_miss_at is None:
        return settled
    return max(settled, doubt.last_miss_at + patience.between_looks)
