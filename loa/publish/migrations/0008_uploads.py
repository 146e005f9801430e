"""Expand: what a platform still processes of a part. A column without a default: no rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publish", "0007_fence_live_changes")]

    operations = [
        migrations.AddField(
            model_name="deliverypart",
            name="uploads",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
