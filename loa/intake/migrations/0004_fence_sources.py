"""Expand: put feeds and their entries behind the fence. New tables: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_sources")]
    operations = [
        fence.guard("intake_source", "intake_sourceentry"),
    ]
