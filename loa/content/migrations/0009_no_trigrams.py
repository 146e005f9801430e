"""Contract: drop an index that the fence keeps from being used. Blocks no reads or writes."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("content", "0008_note_showings")]

    operations = [RemoveIndexConcurrently("post", "post_search_text")]
