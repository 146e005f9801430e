"""Expand: put the new table behind the fence. It is empty: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("publish", "0006_live_changes")]
    operations = [fence.guard("publish_livechange")]
