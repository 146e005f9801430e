"""Expand: put the new tables behind the fence. They are empty: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("publish", "0003_quotas")]
    operations = [fence.guard("publish_quotause", "publish_channelturn")]
