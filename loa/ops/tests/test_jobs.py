"""Background work commits with its cause, survives its worker, and wakes when called."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from loa.ops import clock, jobs, loops
from tests.jobs import a_worker, cut_connections, eventually, run_enqueued

done: list[Any] = []


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without any declared job or loop."""
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(jobs, "_loops", {})
    done.clear()


@pytest.fixture
def counting(fresh: None, transactional_db: None) -> None:  # noqa: ARG001 (ordered before us)
    # No model of ours: what a test before us left waiting there is not cleared away.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    @jobs.job("test.count", lane="bulk")
    def count(*, number: int, **_newer: object) -> None:
        done.append(number)


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("counting")
def test_a_job_is_enqueued_only_if_its_transaction_commits() -> None:
    with transaction.atomic():
        jobs.enqueue("test.count", number=1)
        transaction.set_rollback(True)
    after_rollback = waiting_jobs()
    with transaction.atomic():
        jobs.enqueue("test.count", number=2)
    after_commit = waiting_jobs()

    assert (after_rollback, after_commit) == (0, 1)
    assert run_enqueued() == ["test.count"]
    assert done == [2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("counting")
def test_a_worker_runs_what_was_enqueued_before_and_after_it_started() -> None:
    jobs.enqueue("test.count", number=1)
    with a_worker():
        before = eventually(lambda: done == [1])
        jobs.enqueue("test.count", number=2)
        after = eventually(lambda: done == [1, 2], within_s=3)

    assert (before, after) == (True, True)
    assert waiting_jobs() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("counting")
def test_the_job_of_a_dead_worker_is_run_again() -> None:
    jobs.enqueue("test.count", number=7)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")

    with a_worker():
        rescued = eventually(lambda: done == [7])

    assert rescued


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("counting")
def test_a_worker_goes_on_after_the_database_dropped_its_connections() -> None:
    with a_worker():
        jobs.enqueue("test.count", number=1)
        eventually(lambda: done == [1])
        cut_connections()
        jobs.enqueue("test.count", number=2)
        went_on = eventually(lambda: done == [1, 2], within_s=3)

    assert went_on


@pytest.mark.usefixtures("fresh")
def test_a_job_must_tolerate_a_newer_sender() -> None:
    with pytest.raises(TypeError, match=r"\*\*_newer"):

        @jobs.job("test.strict")
        def strict(*, number: int) -> None: ...


@pytest.mark.usefixtures("fresh")
def test_an_unknown_lane_or_job_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="no lane 'express'"):
        jobs.job("test.fast", lane="express")
    with pytest.raises(ValueError, match=r"no job test\.gone"):
        jobs.enqueue("test.gone", number=1)


@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        (10, "* * * * * */10"),
        (60, "*/1 * * * * 0"),
        (900, "*/15 * * * * 0"),
        (3600, "0 */1 * * * 0"),
        (86400, "0 3 * * * 0"),
    ],
)
def test_a_period_is_told_to_the_queue_as_it_understands_it(seconds: int, line: str) -> None:
    assert jobs._cron(seconds) == line


@pytest.mark.parametrize("seconds", [0, -5, 7, 90, 5000, 100_000])
def test_an_uneven_period_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="evenly"):
        jobs.every(seconds=seconds)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh")
def test_a_repeated_job_runs_once_per_period_with_two_workers() -> None:
    @jobs.every(seconds=2)
    @jobs.job("test.tick")
    def tick(**newer: object) -> None:
        done.append(newer["timestamp"])  # of the period it is for, however late it runs

    with a_worker(), a_worker():
        eventually(lambda: len(done) >= 3, within_s=12)

    assert len(done) >= 3
    assert len(set(done)) == len(done)
    assert all(int(instant) % 2 == 0 for instant in done)


@contextmanager
def running_loops() -> Iterator[None]:
    stop = threading.Event()
    runner = loops.Runner(jobs.all_loops().values(), stop=stop)
    runner.start()
    try:
        yield
    finally:
        stop.set()
        assert runner.join(within_s=5) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh")
def test_a_loop_runs_at_the_instant_it_asked_for() -> None:
    began = clock.now()

    @jobs.loop("test.due", wakes_on="loa_test")
    def due() -> datetime | None:
        done.append((clock.now() - began).total_seconds())
        return began + timedelta(seconds=1.5) if len(done) <= 2 else None

    with running_loops():
        eventually(lambda: any(at_s >= 1.5 for at_s in done), within_s=4)

    late = [at_s for at_s in done if at_s >= 1.0]
    assert 1.5 <= late[0] < 1.8


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh")
def test_a_loop_is_woken_by_a_commit_not_by_a_rollback() -> None:
    @jobs.loop("test.woken", wakes_on="loa_test")
    def woken() -> datetime | None:
        done.append(1)
        return None

    with running_loops():
        eventually(lambda: len(done) >= 2)  # its start, and the listener's
        at_rest = len(done)
        with transaction.atomic():
            jobs.wake("loa_test")
            transaction.set_rollback(True)
        threading.Event().wait(0.3)
        after_rollback = len(done)
        jobs.wake("loa_test")
        woke = eventually(lambda: len(done) == at_rest + 1, within_s=1)

    assert after_rollback == at_rest
    assert woke


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh")
def test_a_loop_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    @jobs.loop("test.shaky", wakes_on="loa_test")
    def shaky() -> datetime | None:
        done.append(1)
        if len(done) < 3:
            raise ZeroDivisionError
        return None

    with running_loops():
        recovered = eventually(lambda: len(done) >= 3, within_s=5)

    assert recovered
    assert "loop test.shaky failed" in caplog.text


@pytest.fixture(autouse=True)
def _close_connections() -> Iterator[None]:
    yield
    connections.close_all()
