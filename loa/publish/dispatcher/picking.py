"""Whose turn it is: look from channel to channel, pick what is first on each, and lock it.

However much waits, a claim reads no more of it than it takes.
"""

from collections.abc import Collection
from datetime import datetime

from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.rows import Row, ask_for_due, read_due
from loa.publish.dispatcher.session import Cursor, lasting_cursor, together
from loa.publish.rules.fairness import Found, Picked, Taking

MOST_CHANNELS = 200  # of one instance


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
    SELECT c.id, c.base_url,
           t.urgent_from IS NULL OR t.urgent_from <= %(now)s::timestamptz AS to_urgent,
           (t.bulk_from IS NULL OR t.bulk_from <= %(now)s::timestamptz)
           AND NOT c.id = ANY(%(full)s::bigint[]) AS to_bulk
    FROM waiting
    JOIN channels_channel c ON c.id = waiting.id
    JOIN workspace_workspace w ON w.id = c.workspace_id
    LEFT JOIN publish_channelturn t ON t.channel_id = c.id
    WHERE c.state = 'connected' AND c.paused_at IS NULL AND w.sending_paused_at IS NULL
      AND (c.hold_until IS NULL OR c.hold_until <= %(now)s::timestamptz)
), ranked AS (
    SELECT open.id, open.base_url, first.urgent_at, first.bulk_at, row_number() OVER (
        PARTITION BY open.base_url
        ORDER BY first.urgent_at IS NULL, coalesce(first.urgent_at, first.bulk_at), open.id
    ) AS turn
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
)
SELECT id, base_url, urgent_at IS NOT NULL, bulk_at IS NOT NULL
FROM ranked WHERE turn <= %(most)s::int
ORDER BY urgent_at IS NULL, coalesce(urgent_at, bulk_at), id
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


def _first_of(channels: str, *, only: str = "") -> str:
    """Return the select of what is first on each of the channels in that array."""
    return f"""
    SELECT d.*
    FROM unnest(%({channels})s::bigint[]) AS c (id)
    CROSS JOIN LATERAL (
        SELECT id, workspace_id, channel_id, urgent, ready_at,
               row_number() OVER (ORDER BY urgent DESC, ready_at, id) AS turn
        FROM publish_delivery
        WHERE channel_id = c.id AND state = 'due' AND ready_at <= %(now)s::timestamptz {only}
        ORDER BY urgent DESC, ready_at, id
        LIMIT %(depth)s::int
    ) AS d
    WHERE {_no_other_worker_on("c")}"""  # noqa: S608 (the words are ours)


# Each channel's first post comes before any channel's second, and so it is for workspaces.
_PICK = f"""
WITH mine AS (
    {_first_of("anything")}
    UNION ALL
    {_first_of("urgent", only="AND urgent")}
), fair AS (
    SELECT id, channel_id, urgent, ready_at, row_number() OVER (
        PARTITION BY workspace_id ORDER BY urgent DESC, turn, ready_at, id
    ) AS turn
    FROM mine
)
SELECT id, channel_id, urgent FROM fair ORDER BY urgent DESC, turn, ready_at, id
LIMIT %(batch)s::int
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


def find_channels(
    cursor: Cursor, *, now: datetime, worker: int, full: Collection[int]
) -> list[Found]:
    """Return the channels with something due that no other worker holds, in their order."""
    values = {"now": now, "full": list(full), "worker": worker, "most": MOST_CHANNELS}
    with together():
        lasting_cursor().execute(_STEP_BY_STEP)
        cursor.execute(_CHANNELS, values)
        return [Found(*row) for row in cursor.fetchall()]


def pick(cursor: Cursor, taking: Taking, *, now: datetime, worker: int, pace: Pace) -> list[Picked]:
    """Return the deliveries whose turn it is on the channels that no other worker takes from."""
    channels = taking.anything + taking.urgent
    if not channels:
        return []
    cursor.execute(_RESERVE, {"channels": channels, "space": CHANNEL_LOCKS})
    reserved = {row[0] for row in cursor.fetchall()}
    # A new statement sees what others committed before we got the channels' locks.
    cursor.execute(
        _PICK,
        {
            "anything": [one for one in taking.anything if one in reserved],
            "urgent": [one for one in taking.urgent if one in reserved],
            "now": now,
            "depth": pace.depth,
            "worker": worker,
            "batch": pace.batch,
        },
    )
    return [Picked(*row) for row in cursor.fetchall()]


def lock(cursor: Cursor, picked: list[int], *, now: datetime) -> list[Row]:
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
