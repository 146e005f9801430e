"""Expand: put people and workspaces behind the fence too. Takes an instant; locks three tables."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("workspace", "0003_keys_and_links")]
    operations = [
        fence.guard("workspace_member", "workspace_invitation"),
        fence.guard("workspace_workspace", column="id"),
    ]
