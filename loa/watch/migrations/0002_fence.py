"""Expand: put the rows of every workspace behind its fence. New tables: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("watch", "0001_initial")]
    operations = [
        fence.guard("watch_alertrule", "watch_destination", "watch_alert", "watch_notice"),
    ]
