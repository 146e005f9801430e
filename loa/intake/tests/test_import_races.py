"""Imports that run at the same moment, are killed and repeated: every post is made once."""

from unittest.mock import patch

import pytest
from django.db import transaction

from loa.channels.models import Channel
from loa.intake import actions
from loa.intake.actions import running
from loa.intake.models import Import
from loa.intake.tests.importing import a_file, again, begin, codes, posts, rows
from loa.ops import clock, fence
from loa.plan.tests.planning import NOW
from loa.workspace.models import Workspace
from tests import cast
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LINES = [f"ben;17/11/2026;{hour}:30;Bài {hour};" for hour in range(7, 22)]


def started(bakery: Workspace, *files: list[str]) -> list[Import]:
    """Read the files, then have them brought in; the jobs for that are run by the test."""
    ana = cast.ana(bakery)
    begun = [begin(ana, a_file(*lines)) for lines in files]
    with fence.inside(bakery.pk):
        return [actions.start_import(one, mode="schedule", by=ana) for one in begun]


def run(of: Import) -> None:
    with clock.at(NOW):  # in threads of their own
        actions.run_import(workspace_id=of.workspace_id, import_id=of.pk, attempt=of.attempt)


@pytest.mark.usefixtures("channel")
def test_two_files_with_equal_rows_at_once_make_each_post_once(bakery: Workspace) -> None:
    one, other = started(bakery, LINES, LINES[::-1])

    outcomes = at_once(lambda: run(one), lambda: run(other))

    assert outcomes == [None, None]
    said = [post.document.parts[0].caption for post in posts(bakery)]
    assert sorted(said) == sorted({f"Bài {hour}" for hour in range(7, 22)})
    done = [again(one), again(other)]
    assert sum(each.done_count for each in done) == len(LINES)
    assert sum(each.refused_count for each in done) == len(LINES)
    refused = [row for each in (one, other) for row in rows(each) if row.state == "refused"]
    assert {codes(row)[0] for row in refused} == {"row.imported"}


@pytest.mark.usefixtures("channel")
def test_the_same_job_twice_at_once_makes_each_post_once(bakery: Workspace) -> None:
    [one] = started(bakery, LINES)

    outcomes = at_once(lambda: run(one), lambda: run(one))

    assert outcomes == [None, None]
    assert len(posts(bakery)) == len(LINES)
    assert (again(one).done_count, again(one).refused_count) == (len(LINES), 0)


def test_a_batch_that_is_cut_off_leaves_nothing_and_is_made_by_the_next_job(
    bakery: Workspace, channel: Channel
) -> None:
    [one] = started(bakery, LINES)

    def die(*_said: object, **_more: object) -> None:
        raise ConnectionAbortedError("the machine lost its power")

    with (
        patch.object(running, "findings_to_json", die),
        patch.object(Import, "save", die),
        pytest.raises(ConnectionAbortedError),
    ):
        run(one)
    assert posts(bakery) == []
    assert not transaction.get_connection().in_atomic_block

    run(one)

    assert len(posts(bakery)) == len(LINES)
    assert channel.pk
