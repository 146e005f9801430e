"""Expand: put the rows of every workspace behind its fence. New tables: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial")]
    operations = [
        fence.guard("plan_slot", "plan_channelpacing", "plan_calendarfeed"),
    ]
