"""What a card of the calendar says about its post: one state for all the channels on it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CardState(StrEnum):
    """Where the variants of one post that share one time are, together."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    MISSED = "missed"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    DELIVERED = "delivered"
    REMOVED = "removed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class CardProgress:
    """The state, and how many of the card's channels have it behind them."""

    state: CardState
    delivered_count: int
    channel_count: int

    @property
    def is_partial(self) -> bool:
        """True when some channels are live and others are not."""
        return 0 < self.delivered_count < self.channel_count


_REVIEW = {
    "requested": CardState.IN_REVIEW,
    "changes": CardState.CHANGES_REQUESTED,
    "approved": CardState.APPROVED,
}
MOVABLE = frozenset(
    {
        CardState.DRAFT,
        CardState.IN_REVIEW,
        CardState.CHANGES_REQUESTED,
        CardState.APPROVED,
        CardState.MISSED,
        CardState.SCHEDULED,
    }
)


def card_progress(
    *,
    review: str,
    deliveries: Collection[str | None],
    planned_at: datetime,
    now: datetime,
) -> CardProgress:
    """Sum up a card. deliveries: one state per channel, None where nothing is scheduled.

    What needs a person comes first: one uncertain channel makes the whole card uncertain.
    MISSED: the planned time has passed and nothing was scheduled for it. REMOVED: it was live
    on every channel, and was taken down.
    """
    states = [state for state in deliveries if state not in {None, "cancelled"}]
    done = states.count("delivered") + states.count("removed")
    if states:
        state = _sending_state({*states})
    elif planned_at < now:
        state = CardState.MISSED
    else:
        state = _REVIEW.get(review, CardState.DRAFT)
    return CardProgress(state, done, len(deliveries))


def _sending_state(states: set[str | None]) -> CardState:
    for urgent in (CardState.UNCERTAIN, CardState.FAILED):
        if urgent in states:
            return urgent
    if states == {"removed"}:
        return CardState.REMOVED
    if states <= {"delivered", "removed"}:
        return CardState.DELIVERED
    return CardState.SCHEDULED if states == {"due"} else CardState.SENDING
