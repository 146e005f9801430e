"""Who may go when more asks than a platform's quotas let out.

Once a quota was full, what waits for it goes out evenly, one after the other, rather than all at
once when the window begins anew; a part of every quota is kept for what is urgent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from loa.connectors.quotas import Quota, Scope
from loa.publish.rules.lateness import LONGEST_GAP
from loa.publish.rules.quotas import Use, allowed, free_at, left, spend, used

URGENT_KEEPS = 10  # one in so many
LATE_FROM = timedelta(minutes=5)


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


@dataclass(slots=True)
class _Account:
    """What is kept of one quota while it is shared out.

    used: within the window, what was spent here with it. Counted once, for as many as may ask.
    """

    use: Use
    used: int
    spent: int = 0

    def has_room(self, one: Asked, quota: Quota, *, now: datetime) -> bool:
        """Say whether it may go, as far as this quota is concerned."""
        use = self.use
        if not one.urgent and use.spreads and use.spread_from and use.spread_from > now:
            return False
        return max(0, allowed(quota, use) - self.used) >= _needed(one, quota, use)

    def pay(self, one: Asked, quota: Quota, *, now: datetime) -> None:
        """Count it as gone."""
        cost = quota.cost(parts=one.parts, media=one.media)
        self.used += cost
        self.spent += cost
        if self.use.spreads and not one.urgent:
            each_s = quota.window_s / max(1, allowed(quota, self.use))
            self.use = replace(self.use, spread_from=now + timedelta(seconds=each_s * cost))

    def balance(self, quota: Quota, *, now: datetime) -> Use:
        """Return the use with all that was spent here."""
        self.use, self.spent = spend(quota, self.use, self.spent, now=now), 0
        return self.use


# What a channel's posts are paid from.
type _Payers = list[tuple[Quota, _Account]]


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
    pairs = {key: quota for mine in quotas.values() for key, quota in mine}
    accounts = {key: _account(quota, uses.get(key, Use()), now=now) for key, quota in pairs.items()}
    payers = {
        channel_id: [(quota, accounts[key]) for key, quota in mine]
        for channel_id, mine in quotas.items()
    }
    stopped = _take_turns(result, asked, payers, now=now)
    for key, account in accounts.items():
        result.uses[key] = account.balance(pairs[key], now=now)
    done = set(drained) - stopped
    waited_for = {key for channel, mine in quotas.items() if channel not in done for key, _ in mine}
    for key in accounts.keys() - waited_for:
        result.uses[key] = _no_longer_spread(pairs[key], result.uses[key], now=now)
    return result


def _account(quota: Quota, use: Use, *, now: datetime) -> _Account:
    return _Account(use, used(quota, use, now=now))


def _take_turns(
    result: Share, asked: Sequence[Asked], payers: Mapping[int, _Payers], *, now: datetime
) -> set[int]:
    """Fill `result` with who goes; return the channels of which somebody must wait."""
    stopped: set[int] = set()
    after = _followers(asked) if any(one.late for one in asked) else {}
    for one in sorted(asked, key=lambda each: not each.urgent):
        if one.channel_id in stopped:
            continue
        mine = payers.get(one.channel_id, [])
        full = [pair for pair in mine if not pair[1].has_room(one, pair[0], now=now)]
        if full:
            stopped.add(one.channel_id)
            for quota, account in full:
                _close(result, one, quota, account, now=now)
            continue
        result.taken.append(one.delivery_id)
        for quota, account in mine:
            account.pay(one, quota, now=now)
        gap = _gap(one, after.get(one.delivery_id))
        # What waited for a quota is spread by it.
        if gap and not any(account.use.spreads for _, account in mine):
            stopped.add(one.channel_id)
            _shut(result, one.channel_id, bulk_from=now + gap)
    return stopped


def _needed(one: Asked, quota: Quota, use: Use) -> int:
    """Return how much must be left for it to go: bulk leaves something for what is urgent.

    What is larger than the whole quota goes when all of it is left.
    """
    most = allowed(quota, use)
    cost = quota.cost(parts=one.parts, media=one.media)
    kept = 0 if one.urgent or not cost else most // URGENT_KEEPS
    return min(cost + kept, most)


def _close(result: Share, one: Asked, quota: Quota, account: _Account, *, now: datetime) -> None:
    """Let a channel wait until there is room; what waits is let out evenly from then on."""
    if not one.urgent:
        account.use = replace(account.use, spreads=True)
    use = account.balance(quota, now=now)
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


def _no_longer_spread(quota: Quota, use: Use, *, now: datetime) -> Use:
    """Stop spreading, for nobody waits for it any more.

    Of an instance's quota we see some channels only, so half of it must be left as well.
    """
    if not use.spreads:
        return use
    is_free = left(quota, use, now=now) * 2 >= allowed(quota, use)
    if quota.scope is Scope.CHANNEL or is_free:
        return replace(use, spreads=False, spread_from=None)
    return use


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
