"""What was used of a platform's quota, and what still fits into it.

What was used is remembered in slices of the window, so no stretch as long as the window ever
holds more than the quota, wherever it begins.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from loa.connectors.quotas import Quota, Told

SLICES = 12
LOOKING_LEAVES = 2  # one in so many


@dataclass(frozen=True, slots=True)
class Use:
    """What was used of one quota lately.

    slices: the newest first; newest: its number, counted in slices since 1970. spreads: more
    waited than fitted, so what follows goes out evenly, bulk not before spread_from.
    allowed: as the platform said last; None where it never did.
    """

    newest: int = 0
    slices: tuple[int, ...] = ()
    spreads: bool = False
    spread_from: datetime | None = None
    allowed: int | None = None


def allowed(quota: Quota, use: Use) -> int:
    """Return the quota's measure: the platform's own word before what was declared."""
    return use.allowed if use.allowed is not None else quota.allowed


def left(quota: Quota, use: Use, *, now: datetime) -> int:
    """Return how much of the quota is left at `now`."""
    return max(0, allowed(quota, use) - used(quota, use, now=now))


def used(quota: Quota, use: Use, *, now: datetime) -> int:
    """Return how much was used within the window that ends at `now`."""
    return sum(_remembered(quota, use, now=now))


def spend(quota: Quota, use: Use, amount: int, *, now: datetime) -> Use:
    """Return `use` with `amount` more."""
    if not amount:
        return use
    newest = max(_number(quota, now), use.newest)
    slices = list(_slices(use, newest=newest)) or [0]
    slices[0] += amount
    return Use(newest, tuple(slices), use.spreads, use.spread_from, use.allowed)


def free_at(quota: Quota, use: Use, needed: int, *, now: datetime) -> datetime:
    """Return the earliest instant at which `needed` fits, if nothing more is used."""
    slices = _remembered(quota, use, now=now)
    missing = needed - (allowed(quota, use) - sum(slices))
    if missing <= 0:
        return now
    newest = max(_number(quota, now), use.newest)
    for age in range(len(slices) - 1, -1, -1):
        missing -= slices[age]
        if missing <= 0:
            break
    # A slice is forgotten once the whole window lies after its end.
    return _begins(quota, newest - age + SLICES + 1)


def look_from(quota: Quota, use: Use, looks: int, *, now: datetime) -> datetime:
    """Return the earliest instant at which so many requests may only look.

    Looking leaves half of every quota to what is published: counts can wait, posts cannot.
    """
    most = allowed(quota, use)
    cost = quota.look * looks
    return free_at(quota, use, min(cost + most // LOOKING_LEAVES, most), now=now) if cost else now


def correct(quota: Quota, use: Use, told: Told, *, now: datetime) -> Use:
    """Take the platform's word where it has counted more than we did, until its window ends."""
    use = replace(use, allowed=told.allowed or use.allowed)
    more = left(quota, use, now=now) - told.left
    if more <= 0:
        return use
    newest = max(_number(quota, now), use.newest)
    slices = list(_slices(use, newest=newest))
    slice_s = quota.window_s / SLICES
    age = min(SLICES, max(0, SLICES - int(told.resets_in_s / slice_s)))
    slices += [0] * (age + 1 - len(slices))
    slices[age] += more
    return replace(use, newest=newest, slices=tuple(slices))


def _remembered(quota: Quota, use: Use, *, now: datetime) -> tuple[int, ...]:
    return _slices(use, newest=max(_number(quota, now), use.newest))


def _slices(use: Use, *, newest: int) -> tuple[int, ...]:
    """Return the slices as counted from `newest`, what is out of the window left out.

    One slice more than the window has: the oldest may still lie in it with its end.
    """
    return ((0,) * min(newest - use.newest, SLICES + 1) + use.slices)[: SLICES + 1]


def _number(quota: Quota, now: datetime) -> int:
    return int(now.timestamp() * SLICES // quota.window_s)


def _begins(quota: Quota, number: int) -> datetime:
    # A moment later: an instant is kept to the microsecond, and rounding must not come too early.
    return datetime.fromtimestamp(number * quota.window_s / SLICES, UTC) + timedelta(milliseconds=1)
