"""Expand: changes of what is live: a new table, and two columns without a default."""

import django.db.models.deletion
from django.db import migrations, models

import loa.publish.models


class Migration(migrations.Migration):
    dependencies = [
        ("publish", "0005_what_watching_reads"),
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="LiveChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=loa.publish.models.change_kinds, max_length=8)),
                (
                    "state",
                    models.CharField(choices=loa.publish.models.change_states, max_length=12),
                ),
                ("document", models.JSONField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("approved_by", models.JSONField(default=list)),
                ("ready_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("parts_done", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "failure_code",
                    models.CharField(blank=True, db_default="", default="", max_length=64),
                ),
                ("failure_detail", models.TextField(blank=True, db_default="", default="")),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspace.member",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="live_changes",
                        to="publish.delivery",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspace.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["due", "sending"])),
                        fields=["ready_at"],
                        name="live_change_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["workspace", "asked_at"],
                        name="live_change_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "due", "sending"])),
                        fields=("delivery",),
                        name="a_delivery_has_one_open_change",
                    )
                ],
            },
        ),
    ]
