"""Expand: clicks on tracked links, a row per link and day. A new table: no lock in use."""

import django.db.models.deletion
from django.db import migrations, models

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_links"),
        ("measure", "0002_fence"),
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clicked_on", models.DateField()),
                ("clicks", models.PositiveIntegerField()),
                ("visitors", models.PositiveIntegerField()),
                ("robots", models.PositiveIntegerField()),
                ("is_partial", models.BooleanField(db_default=False, default=False)),
                (
                    "link",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="content.link",
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
                    models.Index(fields=["workspace", "clicked_on"], name="link_day_of_workspace")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("link", "clicked_on"), name="a_link_has_one_row_per_day"
                    )
                ],
            },
        ),
        fence.guard("measure_linkday"),
    ]
