"""Expand: posts that repeat, and their dates, behind the fence. New tables: no lock in use."""

import django.db.models.deletion
from django.db import migrations, models

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_fence"),
        ("plan", "0002_fence"),
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("state", models.JSONField()),
                ("rhythm", models.JSONField()),
                ("local_time", models.TimeField(verbose_name="time")),
                ("schedules", models.BooleanField(db_default=False, default=False)),
                ("settled_through", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspace.member",
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
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("made", "Made"), ("skipped", "Left out"), ("missed", "Missed")],
                        max_length=8,
                    ),
                ),
                ("made_revision", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "made_local",
                    models.CharField(blank=True, db_default="", default="", max_length=19),
                ),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=32)),
                (
                    "post",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="occurrence",
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
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="plan.series",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "on"), name="a_series_speaks_once_on_a_date"
                    )
                ],
            },
        ),
        fence.guard("plan_series", "plan_occurrence"),
    ]
