"""Backlogs that no test could schedule post by post, and what reading them costs."""

import psycopg
from django.db import connection

from loa.ops import clock, fence
from loa.publish.dispatcher import Pace
from loa.publish.dispatcher.claims import claim_due
from loa.publish.models import Delivery
from tests.database import TestServer


def more_like(like: Delivery, count: int) -> None:
    """Let so many more posts be due on the channel of `like`, at ten full minutes."""
    with fence.everywhere("make a backlog in a test"), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH posts AS (
                INSERT INTO content_post (
                    workspace_id, title, shared, language, search_text, revision, review,
                    approved_fingerprint, wants_sending, written_by_id, created_at, changed_at)
                SELECT p.workspace_id, n::text,
                       jsonb_build_object('parts', jsonb_build_array(jsonb_build_object(
                           'caption', 'bài ' || n, 'attachments', '[]'::jsonb))),
                       p.language, '', 0, 'none', '', false, p.written_by_id, p.created_at,
                       p.changed_at
                FROM content_post p, generate_series(1, %(count)s) n WHERE p.id = %(post)s
                RETURNING id, workspace_id
            ), variants AS (
                INSERT INTO content_variant (workspace_id, post_id, channel_id)
                SELECT workspace_id, id, %(channel)s FROM posts
                RETURNING id, post_id, workspace_id
            ), times AS (
                SELECT *, make_interval(mins => (id %% 10)::int) AS ago FROM variants
            )
            INSERT INTO publish_delivery (
                workspace_id, variant_id, post_id, channel_id, key, due_at, ready_at,
                late_after, scheduled_by_id, scheduled_at)
            SELECT v.workspace_id, v.id, v.post_id, %(channel)s, gen_random_uuid(),
                   d.due_at - v.ago, d.ready_at - v.ago, d.late_after, d.scheduled_by_id,
                   d.scheduled_at
            FROM times v, publish_delivery d WHERE d.id = %(delivery)s
            """,
            {"post": like.post_id, "channel": like.channel_id, "delivery": like.pk, "count": count},
        )


def analyse(server: TestServer) -> None:
    """Let the planner know the tables as they are now; the product's role may not."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(server.superuser, dbname=name, autocommit=True) as superuser:
        superuser.execute("ANALYZE")


def rows_read_by_a_claim(pace: Pace) -> int:
    """Claim once more, and return how many deliveries the database looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_READ)
        before = cursor.fetchone()[0]
        claim_due(now=clock.now(), worker=1 << 62, pace=pace)
        cursor.execute(_READ)
        read: int = cursor.fetchone()[0] - before
    return read


_READ = """
SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
FROM pg_stat_xact_user_tables WHERE relname = 'publish_delivery'
"""
