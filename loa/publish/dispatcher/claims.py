"""Take due deliveries: fairly, in one transaction, with what they say frozen on the way.

A channel is worked by one worker at a time, so its posts go out in order and within what the
platform allows. The post is locked in share mode while its words are read: an edit that began
earlier makes the claim pass it by, a later one waits and then finds it claimed. So what goes
out is the old content or the new, never a mixture.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from loa.ops import fence, live
from loa.publish.dispatcher.freezing import freeze
from loa.publish.dispatcher.last_checks import put_aside, to_put_aside
from loa.publish.dispatcher.pace import Checkpoint, Pace, no_checkpoint
from loa.publish.dispatcher.picking import find_channels, lock, pick
from loa.publish.dispatcher.quotas import within_quotas
from loa.publish.dispatcher.rows import Row
from loa.publish.dispatcher.session import lasting_cursor
from loa.publish.dispatcher.work import Work
from loa.publish.rules import fairness
from loa.publish.rules.fairness import Held, Picked

NOTHING_HELD = Held()

# A claim that is lost with the database's memory is due again, and nothing was sent: whatever is
# sent has a marker, which is durable, and so is everything that was written before it.
_NEED_NOT_LAST = "SELECT set_config('synchronous_commit', 'off', true)"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one claim took.

    more: there is more to take as soon as there is room, on these channels or on others.
    passed_by: something was locked (an edit, another worker): ask again in a moment.
    """

    work: list[Work]
    more: bool = False
    passed_by: bool = False


def claim_due(
    *,
    now: datetime,
    worker: int,
    pace: Pace,
    held: Held = NOTHING_HELD,
    checkpoint: Checkpoint = no_checkpoint,
) -> Taken:
    """Take what is due at `now` for `worker`, which has `held` in hand, and freeze what it says."""
    with fence.everywhere("claim due deliveries"):
        cursor = lasting_cursor()
        found = find_channels(cursor, now=now, worker=worker, full=held.full)
        taking = fairness.channels_to_take(found, held, most=pace.channels, room=pace.held)
        picked = pick(cursor, taking, now=now, worker=worker, pace=pace)
        origins = {one.channel_id: one.origin for one in found}
        fitting = fairness.within_room(picked, origins, held, room=pace.held)
        rows = lock(cursor, [one.delivery_id for one in fitting], now=now)
        left_out = len(taking.anything) < sum(one.bulk for one in found)
        left_out = left_out or len(fitting) < len(picked)
        channels = len(taking.anything) + len(taking.urgent)
        if not rows:
            return Taken([], more=left_out, passed_by=bool(channels))
        aside = to_put_aside(rows, now=now)
        left = {one.delivery_id for one in aside}
        sent = [row for row in rows if row["id"] not in left]
        drained = _drained(rows, pace) - set(taking.urgent) - _left_behind(picked, fitting)
        sent = within_quotas(cursor, sent, drained=drained, now=now)
        work = freeze(cursor, sent, now=now, worker=worker, pace=pace)
        put_aside(cursor, aside, now=now)
        # Claimed looks like due to a person; only what was put aside is news.
        live.announce_all([(one.workspace_id, one.delivery_id) for one in aside], topic="delivery")
        if not aside:
            cursor.execute(_NEED_NOT_LAST)
        checkpoint("claim.written")
    checkpoint("claim.committed")
    more = left_out or _may_be_more(rows, pace)
    passed_by = not more and len({row["channel_id"] for row in rows}) < channels
    return Taken(work, more=more, passed_by=passed_by)


def _may_be_more(rows: list[Row], pace: Pace) -> bool:
    if len(rows) >= pace.batch:
        return True
    of_channel: dict[int, int] = defaultdict(int)
    for row in rows:
        of_channel[row["channel_id"]] += 1
    return max(of_channel.values()) >= pace.depth


def _drained(rows: list[Row], pace: Pace) -> set[int]:
    """Return the channels of which nothing more is due than these `rows`."""
    if len(rows) >= pace.batch:
        return set()
    of_channel = Counter(row["channel_id"] for row in rows)
    return {channel_id for channel_id, count in of_channel.items() if count < pace.depth}


def _left_behind(picked: list[Picked], fitting: list[Picked]) -> set[int]:
    """Return the channels of which something was picked that did not fit."""
    ids = {one.delivery_id for one in fitting}
    return {one.channel_id for one in picked if one.delivery_id not in ids}
