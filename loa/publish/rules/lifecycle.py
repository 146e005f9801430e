"""The life cycle of a delivery, and what each state allows.

due → claimed → sending → delivered | failed | uncertain; due → cancelled.

claimed: a worker holds it, nothing was sent: an expired lease returns it to due.
sending: committed before the first byte of the visible call; when its worker died it becomes
uncertain, never due. uncertain is settled by reading back or by a person.
"""

from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery is."""

    DUE = "due"
    CLAIMED = "claimed"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


S = DeliveryState

NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    S.DUE: frozenset({S.CLAIMED, S.CANCELLED, S.FAILED}),
    S.CLAIMED: frozenset({S.DUE, S.SENDING, S.FAILED, S.CANCELLED}),
    # Back to claimed: this part is live and the next part of the thread follows.
    S.SENDING: frozenset({S.DELIVERED, S.FAILED, S.UNCERTAIN, S.DUE, S.CLAIMED}),
    S.UNCERTAIN: frozenset({S.DELIVERED, S.DUE, S.FAILED}),
    S.FAILED: frozenset({S.DUE, S.CANCELLED, S.DELIVERED}),
    S.CANCELLED: frozenset({S.DUE}),
    S.DELIVERED: frozenset(),
}


def states() -> list[tuple[str, str]]:
    """Return the states as choices."""
    return [(state.value, state.value) for state in DeliveryState]


def may_become(now: str, then: str) -> bool:
    """Say whether a delivery may go from `now` to `then`."""
    return DeliveryState(then) in NEXT[DeliveryState(now)]


def is_settled(state: str) -> bool:
    """Say whether nothing more happens to the delivery by itself."""
    return state in {S.DELIVERED, S.FAILED, S.CANCELLED}


def is_at_work(state: str) -> bool:
    """Say whether a worker holds the delivery."""
    return state in {S.CLAIMED, S.SENDING}


def may_cancel(state: str) -> bool:
    """Say whether a cancellation still stops it: nothing of it is on its way."""
    return state in {S.DUE, S.CLAIMED, S.FAILED}


def may_change_content(state: str) -> bool:
    """Say whether an edit of the variant still reaches what goes out."""
    return state in {S.DUE, S.CANCELLED, S.FAILED}


def may_be_proven(state: str) -> bool:
    """Say whether a late answer of the platform may still make it delivered.

    Proof beats what we believed in the meantime, whatever that was, except that another
    worker is sending at this moment: its own answer comes first.
    """
    return state not in {S.DELIVERED, S.SENDING}
