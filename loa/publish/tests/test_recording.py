"""What a delivery becomes when its worker died, gave it back, or a doubt about it ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from loa.connectors.contract import Idempotency
from loa.publish.rules import recording
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.recording import Change, Standing
from loa.publish.rules.retries import Failure, Kind
from loa.publish.rules.settling import MISSES_NEEDED, PATIENT, Means

NINE = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = NINE + timedelta(minutes=2)
KEYED = Means(Idempotency.NATIVE_KEY, can_read_back=True, key_lives_s=3300)
READ_BACK = Means(Idempotency.HANDLE_READ_BACK, can_read_back=True)
CLAIMED = Standing(
    state=S.CLAIMED,
    fence=3,
    tries=0,
    due_at=NINE,
    ready_at=NINE,
    late_after=NINE + timedelta(hours=1),
    means=KEYED,
)
UNCERTAIN = replace(
    CLAIMED,
    state=S.UNCERTAIN,
    sending_at=NINE,
    unproven_since=NINE,
    look_at=LATER,
)


def freed() -> Change | None:
    return recording.when_owner_died(CLAIMED, now=LATER, jitter=0.5, patience=PATIENT)


def let_go() -> Change | None:
    return recording.when_let_go(CLAIMED, fence=3)


def of_a_lost_channel() -> Change | None:
    lost = Failure(Kind.CHANNEL_LOST, visible=False, code="grant.withdrawn")
    return recording.when_failed(CLAIMED, lost, fence=3, now=LATER, jitter=0.5, patience=PATIENT)


def sent_again() -> Change | None:
    return recording.settle(UNCERTAIN, now=LATER, jitter=0.5, patience=PATIENT)


def missed() -> Change | None:
    gone = replace(UNCERTAIN, means=READ_BACK, misses=MISSES_NEEDED)
    return recording.settle(gone, now=LATER, jitter=0.5, patience=PATIENT)


def half_out() -> Change | None:
    return recording.when_live(UNCERTAIN, fence=3, more=True, now=LATER)


@pytest.mark.parametrize(
    "comes_back", [freed, let_go, of_a_lost_channel, sent_again, missed, half_out]
)
def test_what_comes_back_from_a_worker_goes_out_before_what_was_due_later(
    comes_back: Callable[[], Change | None],
) -> None:
    change = comes_back()

    assert change is not None
    assert (change.standing.state, change.standing.ready_at) == (S.DUE, NINE)
