"""Expand: put the rows of every workspace behind its fence. New tables: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        fence.guard("intake_import", "intake_importpiece", "intake_importrow"),
    ]
