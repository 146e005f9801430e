"""What needs a person, which person, and what comes first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What needs a person. Written in the order of urgency."""

    PAUSED = "paused"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    LATE = "late"
    CHANNEL_LOST = "channel_lost"
    ALERT = "alert"
    TO_APPROVE = "to_approve"
    LIVE_EDITS = "live_edits"
    APPROVAL_ENDED = "approval_ended"
    CHANGES = "changes"
    MISSED = "missed"
    BROKEN_LINKS = "broken_links"
    FEED_FAILING = "feed_failing"
    GRANT_ENDING = "grant_ending"
    RIGHTS_ENDING = "rights_ending"
    UNTOLD = "untold"
    ZONE_MOVED = "zone_moved"
    FREE_SLOTS = "free_slots"


# A member is told of a kind when they have one of these abilities: to act, or because their
# own work waits for it.
TOLD_TO: dict[Kind, frozenset[str]] = {
    Kind.PAUSED: frozenset({"can_pause", "can_schedule"}),
    Kind.UNCERTAIN: frozenset({"can_settle", "can_schedule"}),
    Kind.FAILED: frozenset({"can_settle", "can_schedule"}),
    Kind.LATE: frozenset({"can_settle", "can_schedule"}),
    Kind.CHANNEL_LOST: frozenset({"can_manage_channels", "can_schedule"}),
    Kind.ALERT: frozenset({"can_watch"}),
    Kind.TO_APPROVE: frozenset({"can_approve"}),
    Kind.LIVE_EDITS: frozenset({"can_approve"}),
    Kind.APPROVAL_ENDED: frozenset({"can_compose"}),
    Kind.CHANGES: frozenset({"can_compose"}),
    Kind.MISSED: frozenset({"can_schedule"}),
    Kind.BROKEN_LINKS: frozenset({"can_compose", "can_schedule"}),
    Kind.FEED_FAILING: frozenset({"can_plan"}),
    Kind.GRANT_ENDING: frozenset({"can_manage_channels"}),
    Kind.RIGHTS_ENDING: frozenset({"can_compose"}),
    Kind.UNTOLD: frozenset({"can_watch"}),
    Kind.ZONE_MOVED: frozenset({"can_schedule"}),
    Kind.FREE_SLOTS: frozenset({"can_compose"}),
}
# News, and an invitation to do more, are no debts: they do not count beside the place's name.
NOT_COUNTED = frozenset({Kind.ZONE_MOVED, Kind.FREE_SLOTS})


@dataclass(frozen=True, slots=True)
class Need[Subject]:
    """One line of what needs somebody: a kind, and what it is about, the most urgent first."""

    kind: Kind
    subjects: tuple[Subject, ...]

    @property
    def count(self) -> int:
        """How many things it stands for."""
        return len(self.subjects)


def is_told(kind: Kind, may: Callable[[str], bool]) -> bool:
    """Say whether a member with these abilities hears of `kind`."""
    return any(may(ability) for ability in TOLD_TO[kind])


def in_order[Subject](needs: Iterable[Need[Subject]]) -> tuple[Need[Subject], ...]:
    """Return the needs with anything in them, the most urgent kind first."""
    order = list(Kind)
    return tuple(
        sorted((one for one in needs if one.subjects), key=lambda one: order.index(one.kind))
    )
