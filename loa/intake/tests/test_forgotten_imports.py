"""Files that are uploaded and never brought in are not kept for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from loa.intake import actions, jobs
from loa.intake.models import Import, ImportPiece, ImportRow
from loa.intake.tests.importing import a_file, again, begin, start
from loa.ops import clock, fence
from loa.plan.tests.planning import NOW
from loa.workspace.models import Workspace
from tests import cast
from tests.races import at_once

ROW = "ben;17/11/2026;19:30;Nóng hổi;"


@contextmanager
def days_later(days: float) -> Iterator[None]:
    with clock.at(NOW + timedelta(days=days)):
        yield


def kept() -> tuple[int, int, int]:
    """Return how many imports, rows and pieces of files there are."""
    with fence.everywhere("count what is kept"):
        return Import.objects.count(), ImportRow.objects.count(), ImportPiece.objects.count()


@pytest.mark.django_db
@pytest.mark.usefixtures("channel")
def test_a_file_that_nobody_brings_in_goes_with_its_rows_after_thirty_days(
    bakery: Workspace,
) -> None:
    begin(cast.ana(bakery), a_file(ROW))
    begin(cast.ana(cast.a_workspace("Tiệm bên cạnh")), b"\x00\x01 no table")
    with days_later(30):
        jobs.forget_imports()
    before = kept()
    with days_later(30.1):
        jobs.forget_imports()

    assert before == (2, 1, 2)
    assert kept() == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("channel")
def test_what_was_brought_in_is_kept(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    done = start(begin(ana, a_file(ROW)), "drafts", ana)
    with days_later(300):
        jobs.forget_imports()

    assert again(done).state == "done"
    assert kept()[:2] == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("channel")
def test_beginning_and_forgetting_at_once_never_both_happen(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    for _ in range(5):
        begun = begin(ana, a_file(ROW))

        def begin_it(begun: Import = begun) -> None:
            with fence.inside(bakery.pk):
                actions.start_import(begun, mode="drafts", by=ana)

        def forget() -> int:
            with days_later(31):
                return actions.forget_imports()

        began, forgotten = at_once(begin_it, forget)
        assert (began is None, forgotten) in {(True, 0), (False, 1)}
        assert began is None or isinstance(began, actions.NotNow)


@pytest.mark.django_db
def test_the_page_says_how_long_a_file_is_kept(bakery: Workspace) -> None:
    browser = Client()
    browser.force_login(cast.ana(bakery).user)

    page = browser.get(reverse("intake:imports", args=[bakery.slug])).content.decode()

    assert "is deleted after 30 days" in page
