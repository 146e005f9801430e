"""Expand: an upload may become a version of an asset. A nullable column: no rewrite."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0008_high_range")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="version_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="library.asset",
            ),
        ),
    ]
