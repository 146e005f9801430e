"""Whose turn it is: which channel gets the next free sender.

Urgent posts go first, and a few senders are kept for them. Beyond that the workspace with
the fewest posts under way comes next, so that nobody waits behind somebody else's thousand;
and no instance, however slow, may hold all senders, nor all that a worker may claim.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field


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


def most_for_one_origin(there_are: int) -> int:
    """Return how much one instance may hold of all senders, channels or room of a worker."""
    return max(1, there_are - max(1, there_are // 4)) if there_are > 1 else 1


@dataclass(frozen=True, slots=True)
class Held:
    """What a worker has in hand: the origin of each channel that it works, and what waits.

    full: channels of which it has enough. waiting: posts that no sender has taken yet, by origin.
    """

    channels: Mapping[int, str] = field(default_factory=dict)
    full: frozenset[int] = frozenset()
    waiting: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A channel that no other worker holds, with something due that may go now."""

    channel_id: int
    origin: str
    urgent: bool
    bulk: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """A delivery whose turn it is."""

    delivery_id: int
    channel_id: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class Taking:
    """The channels from which a worker takes: whatever is due, or what is urgent alone."""

    anything: list[int]
    urgent: list[int]


def channels_to_take(found: Sequence[Found], held: Held, *, most: int, room: int) -> Taking:
    """Return the channels from which a worker takes: those it works, and new ones up to `most`.

    found: in the order in which they should be served. room: how much may wait for senders. A
    channel is worked by one worker at a time, so one that took them all would leave the others
    without work. What is urgent is taken wherever it is: it must not wait until bulk made room.
    """
    of_origin = Counter(held.channels.values())
    count = len(held.channels)
    is_open = _with_room(held, room)
    taking = Taking([], [])
    for one in found:
        mine = one.channel_id in held.channels
        may_come = count < most and of_origin[one.origin] < most_for_one_origin(most)
        bulk = one.bulk and one.channel_id not in held.full and is_open(one.origin)
        if bulk and (mine or may_come):
            taking.anything.append(one.channel_id)
            count += not mine
            of_origin[one.origin] += not mine
        elif one.urgent:
            taking.urgent.append(one.channel_id)
    return taking


def within_room(
    picked: Sequence[Picked], origins: Mapping[int, str], held: Held, *, room: int
) -> list[Picked]:
    """Return those of `picked`, in their order, for which there is room; the urgent find it.

    origins: of each channel. What waits for one instance leaves room for the others: else all
    that a worker has in hand would soon be for the one that hangs.
    """
    waiting = Counter(held.waiting)
    left = room - waiting.total()
    most = most_for_one_origin(room)
    taken: list[Picked] = []
    for one in picked:
        origin = origins[one.channel_id]
        if one.urgent:
            taken.append(one)
        elif left > 0 and waiting[origin] < most:
            taken.append(one)
            waiting[origin] += 1
            left -= 1
    return taken


def _with_room(held: Held, room: int) -> Callable[[str], bool]:
    """Return what says whether bulk of an origin may be claimed."""
    left = room - sum(held.waiting.values())
    most = most_for_one_origin(room)
    return lambda origin: left > 0 and held.waiting.get(origin, 0) < most


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
