"""Expand: what a platform announced about the end of its interface. A nullable column: no rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_fence")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="api_end",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
