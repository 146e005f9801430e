"""Expand: whether a film has a high dynamic range. A column with a constant default: no rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0007_versions")]

    operations = [
        migrations.AddField(
            model_name="film",
            name="high_range",
            field=models.CharField(blank=True, db_default="", max_length=32),
        ),
    ]
