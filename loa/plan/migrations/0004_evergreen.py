"""Expand: evergreen posts, their channels and what fills slots, behind the fence. New tables: no lock in use."""

import django.db.models.deletion
from django.db import migrations, models

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_fence"),
        ("content", "0002_fence"),
        ("plan", "0003_series"),
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evergreen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alternates", models.JSONField(default=list)),
                (
                    "cooldown_days",
                    models.PositiveSmallIntegerField(verbose_name="days before it is said again"),
                ),
                (
                    "most_repeats",
                    models.PositiveSmallIntegerField(verbose_name="times it is said again at most"),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("marked_at", models.DateTimeField()),
                (
                    "stopped_why",
                    models.CharField(blank=True, db_default="", default="", max_length=16),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspace.member",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evergreen",
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
        ),
        migrations.CreateModel(
            name="EvergreenPool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekly_cap", models.PositiveSmallIntegerField(verbose_name="most in a week")),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evergreen_pool",
                        to="channels.channel",
                    ),
                ),
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
            name="Refill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot_at", models.DateTimeField()),
                ("wording_number", models.PositiveSmallIntegerField()),
                ("words", models.TextField()),
                ("rested_days", models.PositiveIntegerField()),
                ("repeat_number", models.PositiveSmallIntegerField()),
                ("likeness_ratio", models.FloatField()),
                ("skipped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "evergreen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refills",
                        to="plan.evergreen",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refill",
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
        ),
        migrations.AddConstraint(
            model_name="evergreen",
            constraint=models.CheckConstraint(
                condition=models.Q(("cooldown_days__gte", 1)),
                name="an_evergreen_post_rests_a_day_at_least",
            ),
        ),
        migrations.AddConstraint(
            model_name="evergreenpool",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekly_cap__range", (1, 7))),
                name="a_pool_fills_one_to_seven_a_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.UniqueConstraint(
                fields=("channel", "slot_at"), name="a_free_slot_is_filled_once"
            ),
        ),
        fence.guard("plan_evergreen", "plan_evergreenpool", "plan_refill"),
    ]
