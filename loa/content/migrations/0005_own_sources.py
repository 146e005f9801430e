"""Expand: sources of channels. A column with a default: a short lock, no rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_link_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkrule",
            name="own",
            field=models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict
            ),
        ),
    ]
