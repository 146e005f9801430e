"""Expand: what looks at links found. A new table: no lock in use."""

import django.db.models.deletion
from django.db import migrations, models

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_links"),
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.TextField()),
                ("url_hash", models.CharField(max_length=64)),
                ("host", models.CharField(max_length=253)),
                ("seen", models.CharField(db_default="unknown", default="unknown", max_length=16)),
                ("code", models.CharField(blank=True, db_default="", default="", max_length=32)),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("waits", models.BooleanField(db_default=True, default=True)),
                ("asked_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("retry_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="content.post",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspace.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("waits", True)),
                        fields=["asked_at"],
                        name="link_check_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["workspace", "due_at"],
                        name="link_check_due",
                    ),
                    models.Index(
                        condition=models.Q(("retry_at__isnull", False)),
                        fields=["retry_at"],
                        name="link_check_resting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "url_hash"),
                        name="an_address_is_checked_once_per_workspace",
                    )
                ],
            },
        ),
        fence.guard("content_linkcheck"),
    ]
