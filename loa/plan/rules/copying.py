"""A week's posts for another week: what fits, and what is left out and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from loa.content.rules.planned_time import PlannedTime, planned
from loa.plan.rules.pacing import Crowded, Pacing, Taken, crowded


class WhyNot(StrEnum):
    """Why a variant is left out of the copy."""

    PAST = "past"
    TOO_CLOSE = "too_close"
    DAY_FULL = "day_full"


@dataclass(frozen=True, slots=True)
class Placed:
    """A variant of a post with its time: in the week it is copied from, or in the new one.

    was_skipped: the clock skips the time it had, so it has the next one.
    """

    post_id: int
    channel_id: int
    at: PlannedTime
    was_skipped: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A variant that is not copied. placed: where it would have been."""

    placed: Placed
    why: WhyNot


def copy_by_days(
    week: Iterable[Placed],
    *,
    days: int,
    taken: Mapping[int, Taken],
    pacings: Mapping[int, Pacing],
    now: datetime,
) -> tuple[tuple[Placed, ...], tuple[LeftOut, ...]]:
    """Return what is copied, at the same local times `days` later, and what is not.

    taken, pacings: by channel id. What is copied takes up room for what comes after it, so a
    week copied twice to the same week gives nothing the second time.
    """
    room = dict(taken)
    placed: list[Placed] = []
    left_out: list[LeftOut] = []
    for one in sorted(week, key=lambda one: (one.at.instant(), one.post_id, one.channel_id)):
        there = _moved(one, days)
        instant = there.at.instant()
        reason = _why_not(instant, room[one.channel_id], pacings[one.channel_id], now=now)
        if reason is not None:
            left_out.append(LeftOut(there, reason))
            continue
        room[one.channel_id] = room[one.channel_id].with_one_more(instant)
        placed.append(there)
    return tuple(placed), tuple(left_out)


def _moved(one: Placed, days: int) -> Placed:
    asked = PlannedTime(one.at.local + timedelta(days=days), one.at.zone)
    at = planned(asked.instant(), asked.zone) if asked.was_skipped else asked
    return Placed(one.post_id, one.channel_id, at, asked.was_skipped)


def _why_not(instant: datetime, taken: Taken, pacing: Pacing, *, now: datetime) -> WhyNot | None:
    if instant <= now:
        return WhyNot.PAST
    match crowded(instant, taken, pacing):
        case Crowded.TOO_CLOSE:
            return WhyNot.TOO_CLOSE
        case Crowded.DAY_FULL:
            return WhyNot.DAY_FULL
        case None:
            return None
