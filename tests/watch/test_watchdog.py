"""A dead worker tells nobody; the web process does."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from loa.ops import clock, fence
from loa.publish.models import Delivery
from loa.site import watchdog
from loa.watch import jobs
from loa.workspace.models import Workspace
from tests import cast
from tests.watch import scene
from tests.watch.receiver import Receiver


@pytest.fixture(autouse=True)
def _nobody_looked(db: None) -> None:  # noqa: ARG001 (the cache is a table)
    cache.clear()


def overdue(workspace: Workspace) -> None:
    [one] = scene.failed_deliveries(cast.a_channel(workspace))
    long_ago = clock.now() - timedelta(minutes=30)
    with fence.inside(workspace.pk):
        Delivery.all_work.filter(pk=one).update(
            state="due", needs_person=False, due_at=long_ago, ready_at=long_ago
        )


def test_without_a_worker_the_web_process_says_that_nothing_is_sent(
    bakery: Workspace, receiver: Receiver
) -> None:
    scene.a_webhook(bakery, receiver.url)
    overdue(bakery)

    assert watchdog.look_if_nobody_does()

    [taken] = receiver.taken
    assert [one["kind"] for one in taken.body["alerts"]] == ["nothing_sent"]


def test_while_a_worker_looks_it_keeps_out_of_it(bakery: Workspace, receiver: Receiver) -> None:
    scene.a_webhook(bakery, receiver.url)
    overdue(bakery)
    jobs.look()

    assert not watchdog.look_if_nobody_does()

    assert not receiver.taken
