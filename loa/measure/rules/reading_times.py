"""When to read a post's counts: often while they move, ever more rarely after."""

from datetime import datetime, timedelta

# Ages of a post at which it is read. Most reactions come in the first hours, so the steps
# roughly double; the last one is where the platforms' own charts flatten.
AGES: tuple[timedelta, ...] = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=28),
)
RETRY_AFTER = timedelta(minutes=10)


def next_reading_at(*, delivered_at: datetime, now: datetime) -> datetime | None:
    """Return the first reading time after `now`; None when the post has been read for good.

    Ages that passed while we were down are not caught up with: one reading now says it all.
    """
    for age in AGES:
        if delivered_at + age > now:
            return delivered_at + age
    return None
