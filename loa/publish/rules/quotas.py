"""What still fits into a platform's quotas, and how what does not fit is spread.

What was used is remembered in slices of the window, so no stretch as long as the window ever
holds more than the quota, wherever it begins. Once a quota was full, what waits for it goes out
evenly, one after the other, rather than all at once when the window begins anew; a part of every
quota is kept for what is urgent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from loa.connectors.quotas import Quota, Scope, Told
from loa.publish.rules.lateness import LONGEST_GAP

SLICES = 12
URGENT_KEEPS = 10  # one in so many
LOOKING_LEAVES = 2  # one in so many
LATE_FROM = timedelta(minutes=5)


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A delivery that asks to go out. late: it was missed and goes out later than planned.

    parts, media: how many it publishes and uploads.
    """

    delivery_id: int
    channel_id: int
    urgent: bool
    due_at: datetime
    parts: int = 1
    media: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Shut:
    """From when on a channel may send again: bulk, and what is urgent. None: it is open."""

    bulk_from: datetime | None = None
    urgent_from: datetime | None = None


@dataclass(slots=True)
class Share:
    """Which of those who asked may go, what that leaves, and which channels must wait."""

    taken: list[int]
    uses: dict[str, Use]
    shut: dict[int, Shut]


def allowed(quota: Quota, use: Use) -> int:
    """Return the quota's measure: the platform's own word before what was declared."""
    return use.allowed if use.allowed is not None else quota.allowed


def left(quota: Quota, use: Use, *, now: datetime) -> int:
    """Return how much of the quota is left at `now`."""
    return max(0, allowed(quota, use) - sum(_remembered(quota, use, now=now)))


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


def share(
    asked: Sequence[Asked],
    quotas: Mapping[int, Sequence[tuple[str, Quota]]],
    uses: Mapping[str, Use],
    *,
    drained: Iterable[int],
    now: datetime,
) -> Share:
    """Say who of `asked` may go: the urgent first, each channel in its order.

    quotas: by channel id, each with the key under which its use is kept; several channels may
    share one. drained: channels of which nothing more waits than what asked.
    """
    result = Share([], dict(uses), {})
    stopped: set[int] = set()
    spread_more: set[str] = set()
    after = _followers(asked)
    for one in sorted(asked, key=lambda each: not each.urgent):
        if one.channel_id in stopped:
            continue
        mine = quotas.get(one.channel_id, ())
        full = [pair for pair in mine if not _fits(one, pair, result.uses, now=now)]
        if full:
            stopped.add(one.channel_id)
            spread_more.update(key for key, _ in full)
            for key, quota in full:
                if not one.urgent:
                    result.uses[key] = replace(result.uses.get(key, Use()), spreads=True)
                _close(result, one, quota, result.uses.get(key, Use()), now=now)
            continue
        result.taken.append(one.delivery_id)
        for key, quota in mine:
            result.uses[key] = _spent(one, quota, result.uses.get(key, Use()), now=now)
        gap = _gap(one, after.get(one.delivery_id))
        # What waited for a quota is spread by it.
        if gap and not any(result.uses.get(key, Use()).spreads for key, _ in mine):
            stopped.add(one.channel_id)
            _shut(result, one.channel_id, bulk_from=now + gap)
    _end_spreading(result, quotas, set(drained) - stopped, spread_more, now=now)
    return result


def _fits(one: Asked, pair: tuple[str, Quota], uses: Mapping[str, Use], *, now: datetime) -> bool:
    key, quota = pair
    use = uses.get(key, Use())
    if not one.urgent and use.spreads and use.spread_from and use.spread_from > now:
        return False
    return left(quota, use, now=now) >= _needed(one, quota, use)


def _needed(one: Asked, quota: Quota, use: Use) -> int:
    """Return how much must be left for it to go: bulk leaves something for what is urgent.

    What is larger than the whole quota goes when all of it is left.
    """
    most = allowed(quota, use)
    cost = quota.cost(parts=one.parts, media=one.media)
    kept = 0 if one.urgent or not cost else most // URGENT_KEEPS
    return min(cost + kept, most)


def _spent(one: Asked, quota: Quota, use: Use, *, now: datetime) -> Use:
    cost = quota.cost(parts=one.parts, media=one.media)
    use = spend(quota, use, cost, now=now)
    if use.spreads and not one.urgent:
        each_s = quota.window_s / max(1, allowed(quota, use))
        use = replace(use, spread_from=now + timedelta(seconds=each_s * cost))
    return use


def _close(result: Share, one: Asked, quota: Quota, use: Use, *, now: datetime) -> None:
    until = free_at(quota, use, _needed(one, quota, use), now=now)
    if not one.urgent and use.spread_from:
        until = max(until, use.spread_from)
    _shut(result, one.channel_id, bulk_from=until, urgent_from=until if one.urgent else None)


def _shut(
    result: Share, channel_id: int, *, bulk_from: datetime, urgent_from: datetime | None = None
) -> None:
    before = result.shut.get(channel_id, Shut())
    result.shut[channel_id] = Shut(
        bulk_from=max(bulk_from, before.bulk_from or bulk_from),
        urgent_from=max(filter(None, (urgent_from, before.urgent_from)), default=None),
    )


def _end_spreading(
    result: Share,
    quotas: Mapping[int, Sequence[tuple[str, Quota]]],
    drained: set[int],
    spread_more: set[str],
    *,
    now: datetime,
) -> None:
    """Stop spreading what nobody waits for any more.

    Of an instance's quota we see some channels only, so half of it must be left as well.
    """
    pairs = {pair for mine in quotas.values() for pair in mine}
    waited_for = {
        key for channel_id, mine in quotas.items() if channel_id not in drained for key, _ in mine
    }
    for key, quota in pairs:
        use = result.uses.get(key, Use())
        if not use.spreads or key in waited_for | spread_more:
            continue
        is_free = left(quota, use, now=now) * 2 >= allowed(quota, use)
        if quota.scope is Scope.CHANNEL or is_free:
            result.uses[key] = replace(use, spreads=False, spread_from=None)


def _followers(asked: Sequence[Asked]) -> dict[int, Asked]:
    """Return, for each that asks, the next bulk one on its channel."""
    following: dict[int, Asked] = {}
    last: dict[int, Asked] = {}
    for one in asked:
        if one.urgent:
            continue
        if one.channel_id in last:
            following[last[one.channel_id].delivery_id] = one
        last[one.channel_id] = one
    return following


def _gap(one: Asked, follower: Asked | None) -> timedelta:
    """Return how long the next one waits after this late one: as planned, but not for ever."""
    if not one.late or one.urgent or follower is None:
        return timedelta(0)
    return min(max(follower.due_at - one.due_at, timedelta(0)), LONGEST_GAP)


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
