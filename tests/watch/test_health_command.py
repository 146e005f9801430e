"""`loa health` says how the machine does, and exits 1 when nobody works."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from loa.ops import clock, fence
from loa.publish.models import Delivery
from loa.workspace.models import Workspace
from tests import cast
from tests.watch import scene

pytestmark = pytest.mark.django_db


def a_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [clock.now()]
        )


def test_without_a_worker_it_fails_and_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="No worker is at work"):
        call_command("health", stdout=io.StringIO())


def test_what_is_unknown_is_unavailable() -> None:
    a_worker()
    said = io.StringIO()

    call_command("health", stdout=said)

    lines = dict(line.split("\t") for line in said.getvalue().splitlines())
    assert lines["late_p99_s_last_hour"] == "unavailable"
    assert lines["last_backup_at"] == "unavailable"
    assert lines["need_a_person"] == "0"


def test_what_is_overdue_fails_as_json_too(bakery: Workspace) -> None:
    a_worker()
    [one] = scene.failed_deliveries(cast.a_channel(bakery))
    long_ago = clock.now() - timedelta(minutes=30)
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=one).update(
            state="due", needs_person=False, due_at=long_ago, ready_at=long_ago
        )
    said = io.StringIO()

    with pytest.raises(CommandError, match="due for more than 10 minutes"):
        call_command("health", as_json=True, stdout=said)

    found = json.loads(said.getvalue())
    assert found["ready"] == 1
    assert found["oldest_due_s"] >= 1800
