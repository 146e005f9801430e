"""When a destination may be written to: quiet hours, waits after a failure, and giving up."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 10  # the last about four hours after the first
MOST_PER_HOUR = 20
FULL_WAIT = timedelta(minutes=10)


def quiet_until(
    now: datetime, *, begins: time | None, ends: time | None, zone: ZoneInfo
) -> datetime | None:
    """Return when the quiet hours around `now` end; None outside them.

    begins, ends: local times; over midnight when the end is the earlier one. Both the same
    are no quiet hours.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(zone)
    at = local.time().replace(tzinfo=None)
    over_midnight = begins > ends
    inside = (at >= begins or at < ends) if over_midnight else begins <= at < ends
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and at >= begins else 0)
    # A local time inside a gap of the clocks is read with the offset before it.
    return datetime.combine(day, ends, tzinfo=zone).astimezone(now.tzinfo)


def wait_after(tries: int, *, asked: timedelta | None = None) -> timedelta:
    """Return how long to wait after `tries` failures; asked: what the other side wanted."""
    wait = min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 12)), LONGEST_WAIT)
    return wait if asked is None else min(max(wait, asked), timedelta(days=1))


def gives_up(tries: int) -> bool:
    """Say whether trying again makes no more sense."""
    return tries >= MOST_TRIES
