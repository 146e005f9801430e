"""Expand: indexes of the log, of what needs a person, and of tries by time.

Built without blocking writes; about a minute per ten million rows. The last one is a summary of
blocks and takes seconds.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL builds an index concurrently only outside a transaction
    dependencies = [("publish", "0004_fence_quotas")]
    operations = [
        AddIndexConcurrently(
            "delivery",
            models.Index(
                models.F("workspace"),
                models.Case(
                    models.When(delivered_at__isnull=False, then=models.F("delivered_at")),
                    default=models.F("due_at"),
                ).desc(),
                models.F("id").desc(),
                name="delivery_log",
            ),
        ),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["workspace", "channel"],
                condition=models.Q(needs_person=True),
                name="delivery_needing_person",
            ),
        ),
        AddIndexConcurrently(
            "attempt",
            BrinIndex(fields=["started_at"], autosummarize=True, name="attempt_by_time"),
        ),
    ]
