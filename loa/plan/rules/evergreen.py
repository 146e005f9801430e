"""Which evergreen post fills which free slot of a channel, and why not the others."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from loa.plan.rules.days import local_day, monday_of
from loa.plan.rules.likeness import is_too_like, likeness
from loa.plan.rules.pacing import Pacing, Taken, crowded

# Slots are filled this long before: late enough to leave them to people, early enough to look.
FILLS_FROM, FILLS_UNTIL = timedelta(days=1), timedelta(days=3)
MOST_WEEKLY = 7


class WhyNot(StrEnum):
    """Why an evergreen post is not said at a time."""

    COOLING = "cooling"
    REPEATED_ENOUGH = "repeated_enough"
    EXPIRED = "expired"
    NO_FRESH_WORDS = "no_fresh_words"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An evergreen post as it stands on one channel.

    wordings: the caption it went out with first, then the alternates the writer gave.
    last_at, last_words: when and how the channel said it last, or is about to.
    said: which wordings it said, by number, the latest last. repeat_count: times after the first.
    """

    evergreen_id: int
    wordings: tuple[str, ...]
    last_at: datetime
    last_words: str
    cooldown: timedelta
    most_repeats: int
    expires_on: date | None = None
    said: tuple[int, ...] = (0,)
    repeat_count: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """An evergreen post for a slot, and why: how long ago, which repeat, how unlike the last."""

    evergreen_id: int
    at: datetime
    wording_number: int
    rested: timedelta
    repeat_number: int
    likeness_ratio: float


def why_not(one: Candidate, *, at: datetime, zone: ZoneInfo) -> WhyNot | None:
    """Return what keeps `one` from being said at `at`; None when nothing does."""
    if one.expires_on is not None and local_day(at, zone) > one.expires_on:
        return WhyNot.EXPIRED
    if one.repeat_count >= one.most_repeats:
        return WhyNot.REPEATED_ENOUGH
    if at - one.last_at < one.cooldown:
        return WhyNot.COOLING
    if fresh_wording(one) is None:
        return WhyNot.NO_FRESH_WORDS
    return None


def fresh_wording(one: Candidate) -> int | None:
    """Return the wording to use: of those unlike the last time, the one not said for longest.

    None blocks: every wording would be read as the last one again.
    """
    fresh = [
        number
        for number, words in enumerate(one.wordings)
        if not is_too_like(words, one.last_words)
    ]
    latest = {number: place for place, number in enumerate(one.said)}
    return min(fresh, key=lambda number: (latest.get(number, -1), number), default=None)


def choose(candidates: Iterable[Candidate], *, at: datetime, zone: ZoneInfo) -> Choice | None:
    """Return the post that rested longest; of equals the one repeated less, then the elder."""
    able = [one for one in candidates if why_not(one, at=at, zone=zone) is None]
    if not able:
        return None
    one = min(able, key=lambda one: (one.last_at, one.repeat_count, one.evergreen_id))
    number = fresh_wording(one)
    assert number is not None  # noqa: S101 (why_not has looked)
    return Choice(
        evergreen_id=one.evergreen_id,
        at=at,
        wording_number=number,
        rested=at - one.last_at,
        repeat_number=one.repeat_count + 1,
        likeness_ratio=likeness(one.wordings[number], one.last_words),
    )


def fill(
    slots: Sequence[datetime],
    candidates: Iterable[Candidate],
    *,
    taken: Taken,
    pacing: Pacing,
    quiet: Collection[date],
    weekly_cap: int,
    filled: Collection[datetime],
) -> tuple[Choice, ...]:
    """Return what to say in the free slots, each slot at most once, in order.

    quiet: days on which nothing is repeated. filled: when evergreen posts of this channel are
    planned or went out already, for the cap of each week.
    """
    zone = taken.audience_zone
    able = {one.evergreen_id: one for one in candidates}
    per_week = Counter(monday_of(local_day(at, zone)) for at in filled)
    choices: list[Choice] = []
    for at in sorted(set(slots)):
        day = local_day(at, zone)
        is_full = per_week[monday_of(day)] >= weekly_cap
        if day in quiet or is_full or crowded(at, taken, pacing) is not None:
            continue
        choice = choose(able.values(), at=at, zone=zone)
        if choice is None:
            continue
        choices.append(choice)
        per_week[monday_of(day)] += 1
        taken = taken.with_one_more(at)
        able[choice.evergreen_id] = _said(able[choice.evergreen_id], choice)
    return tuple(choices)


def _said(one: Candidate, choice: Choice) -> Candidate:
    return replace(
        one,
        last_at=choice.at,
        last_words=one.wordings[choice.wording_number],
        said=(*one.said, choice.wording_number),
        repeat_count=one.repeat_count + 1,
    )
