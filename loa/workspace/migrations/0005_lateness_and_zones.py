"""Expand: how late a missed post goes out, the zones' version. The database's own defaults."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="sends_late_within_s",
            field=models.PositiveIntegerField(db_default=3600, default=3600),
        ),
        migrations.AddField(
            model_name="workspace",
            name="zone_rules",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
