"""Expand: the cache that all processes share; throttles count in it. A new table: no lock in use.

Unlogged: it is emptied by a crash of the database and never part of a backup.
"""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE ops_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX ops_cache_expires ON ops_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE ops_cache")]
