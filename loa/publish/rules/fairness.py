"""Whose turn it is: which channel gets the next free sender.

Urgent posts go first, and a few senders are kept for them. Beyond that the workspace with
the fewest posts under way comes next, so that nobody waits behind somebody else's thousand;
and no instance, however slow, may hold all senders.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Waiting:
    """A channel with something to send. since: the turn at which it began to wait.

    Not frozen: it is asked for each post, so whoever keeps it changes it in place.
    """

    channel_id: int
    workspace_id: int
    origin: str
    urgent: bool
    since: int


@dataclass(frozen=True, slots=True)
class Busy:
    """What the senders are doing now: how many are in use, and for whom."""

    senders: int
    in_use: int
    by_workspace: Mapping[int, int]
    by_origin: Mapping[str, int]


def kept_for_urgent(senders: int) -> int:
    """Return how many senders bulk work leaves free."""
    return senders // 8


def most_for_one_origin(senders: int) -> int:
    """Return how many senders one instance may hold at once."""
    return max(1, senders - max(1, senders // 4)) if senders > 1 else 1


def channels_to_take(waiting: Sequence[int], *, held: Collection[int], most: int) -> list[int]:
    """Return the channels from which a worker takes: those it holds, and new ones up to `most`.

    waiting: in the order in which they should be served. A channel is worked by one worker at
    a time, so one that took them all would leave the others without work.
    """
    room = max(0, most - len(held))
    mine, chosen = frozenset(held), []
    for channel_id in waiting:
        if channel_id in mine:
            chosen.append(channel_id)
        elif room:
            chosen.append(channel_id)
            room -= 1
    return chosen


def next_channel(waiting: Collection[Waiting], busy: Busy) -> int | None:
    """Return the id of the channel that gets the next sender, None when none may have it."""
    free = busy.senders - busy.in_use
    if free < 1:
        return None
    only_urgent = free <= kept_for_urgent(busy.senders)
    most = most_for_one_origin(busy.senders)
    best: tuple[bool, int, int] | None = None
    chosen: int | None = None
    for one in waiting:
        if only_urgent and not one.urgent:
            continue
        if busy.by_origin.get(one.origin, 0) >= most:
            continue
        rank = (not one.urgent, busy.by_workspace.get(one.workspace_id, 0), one.since)
        if best is None or rank < best:
            best, chosen = rank, one.channel_id
    return chosen
