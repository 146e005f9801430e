"""Expand: put the rows of every workspace behind its fence. New tables: no lock in use."""

from django.db import migrations

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [
        fence.guard(
            "content_campaign",
            "content_reviewrule",
            "content_approver",
            "content_post",
            "content_variant",
            "content_revision",
        ),
    ]
