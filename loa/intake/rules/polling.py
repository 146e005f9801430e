"""When a feed is asked again, and when its silence is worth telling."""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=24)
JITTER = 0.2
MOST_DOUBLINGS = 6
TELL_AFTER = timedelta(hours=24)


def next_poll(now: datetime, *, failures: int, chance: float) -> datetime:
    """Return when to ask again: later after each failure, and never all feeds at once.

    chance: from 0 to 1, spreads the pause by a fifth to both sides.
    """
    doublings = min(failures, MOST_DOUBLINGS)
    pause = min(EVERY * (1 << doublings), LONGEST_PAUSE)
    return now + pause * (1 + JITTER * (2 * chance - 1))
