"""The life cycle of a delivery, and what each state allows.

due → claimed → sending → delivered | failed | uncertain; due → cancelled.

claimed: a worker holds it, nothing was sent: an expired lease returns it to due.
sending: committed before the first byte of the visible call; an expired lease makes it
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


NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.DUE: frozenset(
        {DeliveryState.CLAIMED, DeliveryState.CANCELLED, DeliveryState.FAILED}
    ),
    DeliveryState.CLAIMED: frozenset(
        {
            DeliveryState.DUE,
            DeliveryState.SENDING,
            DeliveryState.FAILED,
            DeliveryState.CANCELLED,
        }
    ),
    DeliveryState.SENDING: frozenset(
        {
            DeliveryState.DELIVERED,
            DeliveryState.FAILED,
            DeliveryState.UNCERTAIN,
            DeliveryState.DUE,
        }
    ),
    DeliveryState.UNCERTAIN: frozenset(
        {DeliveryState.DELIVERED, DeliveryState.DUE, DeliveryState.FAILED}
    ),
    DeliveryState.FAILED: frozenset({DeliveryState.DUE, DeliveryState.CANCELLED}),
    DeliveryState.CANCELLED: frozenset({DeliveryState.DUE}),
    DeliveryState.DELIVERED: frozenset(),
}


def states() -> list[tuple[str, str]]:
    """Return the states as choices."""
    return [(state.value, state.value) for state in DeliveryState]


def may_become(now: str, then: str) -> bool:
    """Say whether a delivery may go from `now` to `then`."""
    return DeliveryState(then) in NEXT[DeliveryState(now)]


def is_settled(state: str) -> bool:
    """Say whether nothing more happens to the delivery by itself."""
    return state in {DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.CANCELLED}


def may_change_content(state: str) -> bool:
    """Say whether an edit of the variant still reaches what goes out."""
    return state in {DeliveryState.DUE, DeliveryState.CANCELLED, DeliveryState.FAILED}
