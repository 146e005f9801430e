"""Expand: how long an approval is good; when zone rules moved a time. Null: nothing is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_own_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewrule",
            name="good_for_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="variant",
            name="zone_moved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
