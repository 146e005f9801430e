"""A worker whose connections were cut goes on as soon as the database answers, losing nothing."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from procrastinate import exceptions
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from loa.ops import jobs, listening, loops
from loa.ops.lasting_queue import LastingQueue, new_pool
from tests.jobs import a_worker, cut_connections, eventually

AT_ONCE_S = 3  # a couple of seconds, with room for a busy machine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_jobs")]
begun: list[int] = []
done: list[int] = []
go = threading.Event()


@pytest.fixture
def own_jobs(
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,  # noqa: ARG001 (ordered before us)
) -> Iterator[None]:
    """Declare, for each lane, a job that ends at once and one that ends when told to."""
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(jobs, "_loops", {})
    begun.clear()
    done.clear()
    go.clear()
    # No model of ours: what a test before us left waiting there is not cleared away.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    def count(*, number: int, **_newer: object) -> None:
        done.append(number)

    def hold(*, number: int, **_newer: object) -> None:
        begun.append(number)
        go.wait(20)
        done.append(number)

    for lane in jobs.LANES:
        jobs.job(f"test.count_{lane}", lane=lane)(count)
        jobs.job(f"test.hold_{lane}", lane=lane)(hold)
    yield
    go.set()
    connections.close_all()


def states() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def ends_kept_waiting() -> int:
    """Return how many sessions cannot write down how a job ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE '%%procrastinate_finish_job%%'"
        )
        return int(cursor.fetchone()[0])


def hold_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs FOR UPDATE")


def test_many_cut_connections_keep_nobody_longer_than_one() -> None:
    busy = [lane for lane, at_once in jobs.LANES.items() for _ in range(at_once)]
    with a_worker():
        with transaction.atomic():
            for number, lane in enumerate(busy):
                jobs.enqueue(f"test.hold_{lane}", number=number)
        eventually(lambda: len(begun) == len(busy))
        with transaction.atomic():
            hold_rows()
            go.set()  # all end at once, so that the queue opens every connection it may
            opened = eventually(lambda: ends_kept_waiting() > len(jobs.LANES))
        eventually(lambda: states() == [])
        done.clear()
        cut_connections()
        jobs.enqueue("test.count_default", number=1)
        went_on = eventually(lambda: done == [1], within_s=AT_ONCE_S)

    assert opened
    assert went_on


def test_a_job_whose_end_could_not_be_written_is_neither_lost_nor_run_again() -> None:
    with a_worker():
        jobs.enqueue("test.count_default", number=0)
        eventually(lambda: done == [0])
        jobs.enqueue("test.hold_default", number=1)
        eventually(lambda: begun == [1])
        with transaction.atomic():
            hold_rows()
            go.set()
            eventually(lambda: ends_kept_waiting() == 1)
            cut_connections()
        ended = eventually(lambda: states() == [], within_s=AT_ONCE_S)

    assert ended
    assert done == [0, 1]


def test_a_job_that_takes_long_keeps_no_lane_from_going_on() -> None:
    with a_worker():
        jobs.enqueue("test.hold_bulk", number=1)
        eventually(lambda: begun == [1])
        cut_connections()
        for lane in jobs.LANES:
            if lane != "video":
                jobs.enqueue(f"test.count_{lane}", number=2)
        went_on = eventually(lambda: done == [2, 2, 2], within_s=AT_ONCE_S)
        go.set()
        ended = eventually(lambda: states() == [], within_s=AT_ONCE_S)

    assert went_on
    assert ended
    assert begun == [1]


def test_a_job_taken_in_an_answer_that_was_lost_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = PsycopgConnector.execute_query_one_async
    lost: list[int] = []

    async def lose_one_answer(self: PsycopgConnector, query: Any, **named: Any) -> Any:
        row = await ask(self, query, **named)
        if row.get("task_name") and not lost:
            lost.append(row["id"])
            raise exceptions.ConnectorException from psycopg.OperationalError("cut")
        return row

    monkeypatch.setattr(PsycopgConnector, "execute_query_one_async", lose_one_answer)
    with a_worker():
        jobs.enqueue("test.count_default", number=1)
        ended = eventually(lambda: done == [1] and states() == [], within_s=AT_ONCE_S)

    assert lost
    assert ended
    assert done == [1]


def with_queue(scenario: Callable[[LastingQueue, int], Awaitable[None]]) -> None:
    """Play a scenario with the queue as one registered worker sees it, in a thread of its own."""

    async def play() -> None:
        connector = PsycopgConnector()
        async with new_pool(max_size=2) as pool:
            await connector.open_async(pool)
            queue = LastingQueue(connector, stop=threading.Event())
            await scenario(queue, await queue.register_worker())

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(play())).result()


def test_an_end_whose_answer_was_lost_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = PsycopgConnector.execute_query_async
    asked: list[Any] = []

    async def lose_first_answer(self: PsycopgConnector, query: Any, **named: Any) -> None:
        asked.append(named)
        await ask(self, query, **named)
        if len(asked) == 1:
            raise exceptions.ConnectorException from psycopg.OperationalError("cut")

    async def scenario(queue: LastingQueue, worker_id: int) -> None:
        job = await queue.fetch_job(["default"], worker_id)
        assert job is not None
        monkeypatch.setattr(PsycopgConnector, "execute_query_async", lose_first_answer)
        await queue.finish_job(job, Status.SUCCEEDED, delete_job=True)

    jobs.enqueue("test.count_default", number=1)
    with_queue(scenario)

    assert states() == []
    assert len(asked) == 1


def test_what_is_announced_while_the_queue_is_asked_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lane forgets calls that came while it asked, and would look again 5 s later."""
    ask = PsycopgConnector.execute_query_one_async

    def enqueue() -> None:
        jobs.enqueue("test.count_default", number=1)
        connections.close_all()

    async def scenario(queue: LastingQueue, worker_id: int) -> None:
        called = asyncio.Event()

        async def hear(**_news: Any) -> None:
            called.set()

        async def answer_late(self: PsycopgConnector, query: Any, **named: Any) -> Any:
            row = await ask(self, query, **named)
            if not row["id"]:
                called.clear()
                await asyncio.to_thread(enqueue)
                await asyncio.wait_for(called.wait(), 5)
            return row

        listens = asyncio.create_task(
            queue.listen_for_jobs(on_notification=hear, queues=["default"])
        )
        await asyncio.wait_for(called.wait(), 5)
        monkeypatch.setattr(PsycopgConnector, "execute_query_one_async", answer_late)
        assert await queue.fetch_job(["default"], worker_id) is not None
        listens.cancel()
        await asyncio.gather(listens, return_exceptions=True)

    with_queue(scenario)


def test_a_database_that_was_away_for_long_is_soon_noticed_to_be_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect, away = psycopg.AsyncConnection.connect, threading.Event()
    refused: list[int] = []

    async def connect_if_there(*values: Any, **named: Any) -> Any:
        if away.is_set():
            refused.append(1)
            raise psycopg.OperationalError("connection refused")
        return await connect(*values, **named)

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", connect_if_there)
    with a_worker():
        jobs.enqueue("test.count_default", number=1)
        eventually(lambda: states() == [])
        away.set()
        cut_connections()
        eventually(lambda: len(refused) >= 40, within_s=15)  # the pauses are at their longest
        jobs.enqueue("test.count_default", number=2)
        away.clear()
        went_on = eventually(lambda: done == [1, 2], within_s=AT_ONCE_S)

    assert refused
    assert went_on


def test_a_worker_leaves_when_asked_also_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused: list[int] = []

    async def refuse(*_values: Any, **_named: Any) -> None:
        refused.append(1)
        raise psycopg.OperationalError("connection refused")

    with a_worker():  # which says so when it does not end
        jobs.enqueue("test.count_default", number=1)
        eventually(lambda: states() == [])
        monkeypatch.setattr(psycopg.AsyncConnection, "connect", refuse)
        cut_connections()
        eventually(lambda: len(refused) > 20)

    assert refused


class Pauses(threading.Event):
    """Never waits, but notes for how long it would have."""

    def __init__(self, *, enough: int) -> None:
        super().__init__()
        self.enough = enough
        self.noted: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.noted.append(timeout or 0)
        if len(self.noted) == self.enough:
            self.set()
        return self.is_set()


def test_a_listener_looks_every_second_for_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_values: Any) -> None:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(psycopg, "connect", refuse)
    stop = Pauses(enough=20)
    listening.keep_listening(["loa_test"], heard=lambda _channel: None, stop=stop)

    assert len(stop.noted) == 20
    assert max(stop.noted) <= 1


def test_a_loop_looks_every_second_for_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    @jobs.loop("test.away", wakes_on="loa_test")
    def away() -> None:
        tries.append(1)
        raise OperationalError("connection refused")

    stop = Pauses(enough=20)
    runner = loops.Runner(jobs.all_loops().values(), stop=threading.Event())
    monkeypatch.setattr(runner, "_stop", stop)
    monkeypatch.setattr(runner, "_calls", {"test.away": stop})
    runner._turn(jobs.all_loops()["test.away"])

    assert len(stop.noted) == 20
    assert max(stop.noted) <= 1
