"""Backfill: note which assets the posts of before show. Reads each post once; may run twice."""

from typing import Any

from django.db import connection, migrations

from loa.ops import fence

_NOTE = """
INSERT INTO content_showing (workspace_id, post_id, asset_id)
SELECT said.workspace_id, said.post_id, said.asset_id::bigint FROM (
    SELECT workspace_id, id AS post_id,
           jsonb_path_query(shared, '$.parts[*].attachments[*].asset_id') AS asset_id
    FROM content_post
    UNION
    SELECT workspace_id, post_id,
           jsonb_path_query(own, '$.parts[*].attachments[*].asset_id') AS asset_id
    FROM content_variant
) AS said
ON CONFLICT DO NOTHING
"""


def note(_apps: Any, _schema_editor: Any) -> None:
    with fence.everywhere("note which assets the posts of before show"):
        connection.cursor().execute(_NOTE)


class Migration(migrations.Migration):
    dependencies = [("content", "0007_showings")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
