"""The order of a channel's queue: posts trade times; the slots stay where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loa.plan.rules.pacing import Pacing, Taken, crowded


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A variant in the queue and the instant it holds."""

    at: datetime
    variant_id: int


def trade(queue: Sequence[Waiting], *, variant_id: int, steps: int) -> tuple[Waiting, ...]:
    """Return the new times when a variant moves `steps` places; () when it is there already.

    Negative steps are towards the front. The variants it passes each take the time of their
    neighbour, so the same times stay taken. Only the variants whose time changes are returned.
    """
    ordered = sorted(queue)
    here = next(place for place, one in enumerate(ordered) if one.variant_id == variant_id)
    there = max(0, min(len(ordered) - 1, here + steps))
    ids = [one.variant_id for one in ordered]
    ids.insert(there, ids.pop(here))
    return tuple(
        Waiting(before.at, after)
        for before, after in zip(ordered, ids, strict=True)
        if before.variant_id != after
    )


def close_up(
    queue: Sequence[Waiting],
    *,
    slots: Sequence[datetime],
    taken: Taken,
    now: datetime,
    pacing: Pacing,
) -> tuple[Waiting, ...]:
    """Return the new times when every variant moves to the earliest slot it can have.

    taken: everything on the channel that is not in this queue. The order stays, nothing moves
    to a later time, and only the variants whose time changes are returned.
    """
    changed: list[Waiting] = []
    last = now
    for one in sorted(queue):
        earlier = (at for at in slots if last < at < one.at)
        at = min((at for at in earlier if crowded(at, taken, pacing) is None), default=one.at)
        if at != one.at:
            changed.append(Waiting(at, one.variant_id))
        taken, last = taken.with_one_more(at), at
    return tuple(changed)
