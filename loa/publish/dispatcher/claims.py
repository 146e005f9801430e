"""Take due deliveries: fairly, in one transaction, with what they say frozen on the way.

A channel is worked by one worker at a time, so its posts go out in order and within what the
platform allows. The post is locked in share mode while its words are read: an edit that began
earlier makes the claim pass it by, a later one waits and then finds it claimed. So what goes
out is the old content or the new, never a mixture.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from loa.ops import fence, live
from loa.publish.dispatcher.freezing import freeze
from loa.publish.dispatcher.last_checks import put_aside, to_put_aside
from loa.publish.dispatcher.pace import Checkpoint, Pace, no_checkpoint
from loa.publish.dispatcher.quotas import within_quotas
from loa.publish.dispatcher.rows import Row, ask_for_due, read_due
from loa.publish.dispatcher.session import Cursor, lasting_cursor, together
from loa.publish.dispatcher.work import Work
from loa.publish.rules import fairness

MOST_CHANNELS = 200


def _no_other_worker_on(channels: str) -> str:
    """Return the condition that no living worker but ours works a channel of that table.

    Asked on both sides of our own name, for we may hold much on it ourselves, and all of that
    would be looked at; with a LIMIT, for a join would read whatever anybody holds anywhere.
    """
    return " AND ".join(
        f"""(
            SELECT true FROM publish_delivery AS held
            WHERE held.channel_id = {channels}.id AND held.state IN ('claimed', 'sending')
              AND held.worker {side} %(worker)s::bigint AND held.lease_until > %(now)s::timestamptz
            LIMIT 1
        ) IS NULL"""  # noqa: S608 (the words are ours)
        for side in "<>"
    )


# From channel to channel, looking at the first row of each: however much waits on one that may
# not send now, it costs one look. The urgent and the others are two orders of one index, which is
# the only one that has the id in its order: without it the planner may take another.
_CHANNELS = f"""
WITH RECURSIVE waiting (id) AS (
    SELECT 0::bigint
    UNION ALL
    SELECT (
        SELECT channel_id FROM publish_delivery
        WHERE state = 'due' AND channel_id > waiting.id ORDER BY channel_id LIMIT 1
    )
    FROM waiting WHERE waiting.id IS NOT NULL
), open AS (
    SELECT c.id,
           t.urgent_from IS NULL OR t.urgent_from <= %(now)s::timestamptz AS to_urgent,
           t.bulk_from IS NULL OR t.bulk_from <= %(now)s::timestamptz AS to_bulk
    FROM waiting
    JOIN channels_channel c ON c.id = waiting.id
    JOIN workspace_workspace w ON w.id = c.workspace_id
    LEFT JOIN publish_channelturn t ON t.channel_id = c.id
    WHERE c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
      AND (c.hold_until IS NULL OR c.hold_until <= %(now)s::timestamptz)
      AND NOT c.id = ANY(%(full)s::bigint[])
)
SELECT open.id
FROM open
CROSS JOIN LATERAL (
    SELECT CASE WHEN open.to_urgent THEN (
        SELECT ready_at FROM publish_delivery
        WHERE channel_id = open.id AND state = 'due' AND urgent
          AND ready_at <= %(now)s::timestamptz
        ORDER BY ready_at, id LIMIT 1
    ) END AS urgent_at,
    CASE WHEN open.to_bulk THEN (
        SELECT ready_at FROM publish_delivery
        WHERE channel_id = open.id AND state = 'due' AND NOT urgent
          AND ready_at <= %(now)s::timestamptz
        ORDER BY ready_at, id LIMIT 1
    ) END AS bulk_at
    OFFSET 0 -- looked up once, not for each use
) AS first
WHERE (first.urgent_at IS NOT NULL OR first.bulk_at IS NOT NULL)
  AND {_no_other_worker_on("open")}
ORDER BY first.urgent_at IS NULL, coalesce(first.urgent_at, first.bulk_at), open.id
LIMIT %(most)s::int
"""  # noqa: S608 (the words are ours)

# It often looks cheap to read all that is due on a channel and sort it: statistics have not seen a
# backlog, and behind the fence the planner believes in few rows. So what looks for channels and
# picks may neither read whole nor sort; one index has the order, and whatever the statistics say
# the plan is the same: it is kept.
_STEP_BY_STEP = """
SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true),
       set_config('plan_cache_mode', 'force_generic_plan', true)
"""
_AS_PLANNED = """
SELECT set_config('enable_sort', 'on', true), set_config('enable_incremental_sort', 'on', true),
       set_config('plan_cache_mode', 'auto', true)
"""

# One worker at a time takes from a channel. No row is locked for it: senders read that row.
_RESERVE = """
SELECT id FROM unnest(%(channels)s::bigint[]) AS c (id)
WHERE pg_try_advisory_xact_lock(%(space)s::int, (id %% 2147483647)::int)
"""
CHANNEL_LOCKS = 8788

# Each channel's first post comes before any channel's second, and so it is for workspaces.
_PICK = f"""
WITH mine AS (
    SELECT d.*
    FROM unnest(%(channels)s::bigint[]) AS c (id)
    CROSS JOIN LATERAL (
        SELECT id, workspace_id, urgent, ready_at,
               row_number() OVER (ORDER BY urgent DESC, ready_at, id) AS turn
        FROM publish_delivery
        WHERE channel_id = c.id AND state = 'due' AND ready_at <= %(now)s::timestamptz
        ORDER BY urgent DESC, ready_at, id
        LIMIT %(depth)s::int
    ) AS d
    WHERE {_no_other_worker_on("c")}
), fair AS (
    SELECT id, urgent, ready_at, row_number() OVER (
        PARTITION BY workspace_id ORDER BY urgent DESC, turn, ready_at, id
    ) AS turn
    FROM mine
)
SELECT id FROM fair ORDER BY urgent DESC, turn, ready_at, id LIMIT %(batch)s::int
"""  # noqa: S608 (the words are ours)

# By itself, for the planner cannot know how few ids the one before finds. Written so that no index
# of what is due can be chosen: walking through the backlog looks cheap before statistics know it.
_LOCK = """
SELECT d.id
FROM publish_delivery d JOIN content_post p ON p.id = d.post_id
WHERE d.id = ANY(%(ids)s::bigint[]) AND d.state || '' = 'due'
  AND d.ready_at <= %(now)s::timestamptz
FOR UPDATE OF d SKIP LOCKED
FOR SHARE OF p SKIP LOCKED
"""


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
    held: Collection[int] = (),
    full: Collection[int] = (),
    checkpoint: Checkpoint = no_checkpoint,
) -> Taken:
    """Take what is due at `now` for `worker`, and freeze what it says.

    held: the channels that this worker works already. full: those of them of which it holds
    enough.
    """
    with fence.everywhere("claim due deliveries"):
        cursor = lasting_cursor()
        waiting = _waiting(cursor, now=now, worker=worker, full=full)
        channels = fairness.channels_to_take(waiting, held=held, most=pace.channels)
        rows = _locked(
            cursor, _picked(cursor, channels, now=now, worker=worker, pace=pace), now=now
        )
        left_out = len(channels) < len(waiting)
        if not rows:
            return Taken([], more=left_out, passed_by=bool(channels))
        aside = to_put_aside(rows, now=now)
        left = {one.delivery_id for one in aside}
        sent = [row for row in rows if row["id"] not in left]
        sent = within_quotas(cursor, sent, drained=_drained(rows, pace), now=now)
        work = freeze(cursor, sent, now=now, worker=worker, pace=pace)
        put_aside(cursor, aside, now=now)
        # Claimed looks like due to a person; only what was put aside is news.
        live.announce_all([(one.workspace_id, one.delivery_id) for one in aside], topic="delivery")
        if not aside:
            cursor.execute(_NEED_NOT_LAST)
        checkpoint("claim.written")
    checkpoint("claim.committed")
    more = left_out or _may_be_more(rows, pace)
    passed_by = not more and len({row["channel_id"] for row in rows}) < len(channels)
    return Taken(work, more=more, passed_by=passed_by)


def _waiting(cursor: Cursor, *, now: datetime, worker: int, full: Collection[int]) -> list[int]:
    """Return the channels with something due that no other worker holds, in their order."""
    values = {"now": now, "full": list(full), "worker": worker, "most": MOST_CHANNELS}
    with together():
        lasting_cursor().execute(_STEP_BY_STEP)
        cursor.execute(_CHANNELS, values)
        return [row[0] for row in cursor.fetchall()]


def _picked(
    cursor: Cursor, channels: list[int], *, now: datetime, worker: int, pace: Pace
) -> list[int]:
    """Return the deliveries on `channels` whose turn it is."""
    if not channels:
        return []
    cursor.execute(_RESERVE, {"channels": channels, "space": CHANNEL_LOCKS})
    reserved = [row[0] for row in cursor.fetchall()]
    # A new statement sees what others committed before we got the channels' locks.
    cursor.execute(
        _PICK,
        {
            "channels": reserved,
            "now": now,
            "depth": pace.depth,
            "worker": worker,
            "batch": pace.batch,
        },
    )
    return [row[0] for row in cursor.fetchall()]


def _locked(cursor: Cursor, picked: list[int], *, now: datetime) -> list[Row]:
    """Lock what was picked, and return what could be locked as it is then."""
    if not picked:
        return []
    reading = lasting_cursor()
    with together():
        lasting_cursor().execute(_AS_PLANNED)
        cursor.execute(_LOCK, {"ids": picked, "now": now})
        # Another statement, so it sees what was committed before the locks were ours.
        ask_for_due(reading, picked)
        ours = {row[0] for row in cursor.fetchall()}
        return [row for row in read_due(reading) if row["id"] in ours]


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
