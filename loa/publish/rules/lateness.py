"""How late is too late: what happens to what fell due while Loa was down or sending paused."""

from collections.abc import Sequence
from datetime import datetime, timedelta

# A plan for a minute that just passed is meant for now; anything older is a slip of the hand.
PAST_GRACE = timedelta(minutes=5)
# Up to here a missed post goes out by itself, unless the workspace says otherwise; later it may
# say the wrong thing ("in ten minutes we open"), so a person decides.
SENT_LATE_WITHIN = timedelta(minutes=60)
CHOICES = tuple(timedelta(minutes=one) for one in (5, 15, 60, 240, 1440))
# What was missed together goes out apart: as it was planned, but no more than this.
LONGEST_GAP = timedelta(minutes=2)
# A worker whose clock is further from the database's than this sends at the wrong time.
MOST_SKEW = timedelta(seconds=30)


def is_clock_wrong(skew: timedelta) -> bool:
    """Say whether a worker must not judge what is due: its clock is `skew` off the database's."""
    return abs(skew) > MOST_SKEW


# A minute is what people grant a clock; later than that the log calls late.
LATE_AFTER = timedelta(minutes=1)


def is_past(planned_at: datetime, *, now: datetime) -> bool:
    """Say whether `planned_at` is too far in the past to be scheduled."""
    return planned_at < now - PAST_GRACE


def late_after(
    due_at: datetime, *, asked_at: datetime, within: timedelta = SENT_LATE_WITHIN
) -> datetime:
    """Return the instant after which a person must decide whether it still goes out.

    asked_at: when somebody last said "send it"; a retry by hand begins anew. within: how late
    the workspace lets a post go out by itself.
    """
    return max(due_at, asked_at) + within


def spaced(planned: Sequence[datetime], *, now: datetime) -> tuple[datetime, ...]:
    """Return when missed posts of one channel go out, from `now` on, in the same order.

    planned: their times, in order. They keep the distance they had, up to LONGEST_GAP: nobody
    wants to read a night's posts within a minute.
    """
    found: list[datetime] = []
    for number, at in enumerate(planned):
        gap = min(at - planned[number - 1], LONGEST_GAP) if number else timedelta(0)
        found.append((found[-1] if found else now) + max(gap, timedelta(0)))
    return tuple(found)


def is_missed(late_after: datetime, *, now: datetime, has_live_parts: bool) -> bool:
    """Say whether a due delivery was missed.

    A thread of which a part is live is never missed: half a story is worse than a late one.
    """
    return now > late_after and not has_live_parts
