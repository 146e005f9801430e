"""The worker process behind `loa work`: jobs by lane, loops, and the rescue of stranded jobs."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import DjangoApp
from procrastinate.job_context import JobContext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from loa.ops import clock, jobs, processes
from loa.ops.lasting_queue import LastingQueue, new_pool
from loa.ops.loops import Runner

STOP_WITHIN_S = 5.0
LEAVE_WITHIN_S = 7.0
HEARTBEAT_S = 5.0
STRANDED_AFTER_S = 20.0  # no heartbeat for this long: the worker is dead
RESCUE_EVERY_S = 1.5
POLL_S = 5.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
TIDY_EVERY_S = 3600.0
KEEP_FAILED_JOBS_H = 30 * 24
BUILTIN_LANE = "builtin"
_log = logging.getLogger(__name__)


def run() -> None:
    """Work until SIGTERM or SIGINT, then finish what is at hand and leave within seconds."""
    jobs.stopping.clear()
    processes.settle()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _asked_to_stop)
    work_until(jobs.stopping)


def _asked_to_stop(*_: object) -> None:
    jobs.stopping.set()
    # With the database gone, threads that wait for it would keep us for half a minute.
    deadline = threading.Timer(LEAVE_WITHIN_S, _leave_at_once)
    deadline.daemon = True
    deadline.start()


def _leave_at_once() -> None:
    """End without waiting any longer. What was at hand is found and taken up by others."""
    _log.warning("leaving with work at hand: it did not end within %.0f s", LEAVE_WITHIN_S)
    logging.shutdown()
    os._exit(0)


def work_until(stop: threading.Event) -> None:
    """Run all lanes and loops until `stop` is set."""
    loops = Runner(jobs.all_loops().values(), stop=stop)
    loops.start()
    _log.info(
        "working: %d jobs in %d lanes, %d loops",
        len(jobs.all_jobs()),
        len(jobs.LANES),
        len(jobs.all_loops()),
    )
    asyncio.run(_work_lanes(stop))
    for name in loops.join(within_s=STOP_WITHIN_S):
        _log.warning("%s did not stop in time", name)


async def _work_lanes(stop: threading.Event) -> None:
    """Run the lanes and what looks after them until `stop` is set."""
    threads = sum(jobs.LANES.values()) + 2
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads, "job"))
    async with new_pool(max_size=len(jobs.LANES) + 2) as pool:
        app = _own_app(stop)
        await app.open_async(pool)
        await _until_stopped(app, stop)


def _own_app(stop: threading.Event) -> App:
    """Return an app with connections of its own.

    The shared one keeps Django's connection, so that a job that enqueues another does so in
    its own transaction.
    """
    connector = PsycopgConnector()
    app = DjangoApp(connector=connector, worker_defaults={"task_middleware": [_close_connections]})
    app.job_manager = LastingQueue(connector, stop=stop)
    jobs.register(app)
    return app


def _close_connections(call_next: Callable[[], Any], _context: JobContext, _worker: Worker) -> Any:
    """Close what a job opened: a dozen idle threads must not hold a dozen server processes."""
    try:
        return call_next()
    finally:
        connections.close_all()


async def _until_stopped(app: App, stop: threading.Event) -> None:
    """Run one worker per lane until asked to stop. What fails is begun again, by itself."""
    tasks = [
        asyncio.create_task(_again_and_again(name, run, stop))
        for name, run in {
            "rescue of stranded jobs": partial(_rescue, app),
            "tidying": partial(_tidy, app),
            **{f"lane {lane}": partial(_work_lane, app, lane) for lane in jobs.LANES},
        }.items()
    ]
    await _watch(stop)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _again_and_again(
    name: str, run: Callable[[], Awaitable[None]], stop: threading.Event
) -> None:
    pause_s = FIRST_PAUSE_S
    while not stop.is_set():
        began = clock.monotonic_s()
        try:
            await run()
        except Exception:  # noqa: BLE001 - whatever it is, the next run may go better
            _log.exception("the %s failed", name)
        if clock.monotonic_s() - began > LONGEST_PAUSE_S:
            pause_s = FIRST_PAUSE_S
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


async def _work_lane(app: App, lane: str) -> None:
    await app.run_worker_async(
        name=lane,
        queues=[lane, BUILTIN_LANE] if lane == "bulk" else [lane],
        concurrency=jobs.LANES[lane],
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_S,
        abort_job_polling_interval=POLL_S,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=STRANDED_AFTER_S,
        shutdown_graceful_timeout=STOP_WITHIN_S,
        delete_jobs="successful",
    )


async def _watch(stop: threading.Event) -> None:
    # Set by a signal handler or from another thread, so it cannot be an asyncio.Event.
    while not stop.is_set():  # noqa: ASYNC110
        await asyncio.sleep(0.1)


async def _rescue(app: App) -> None:
    """Hand the jobs of dead workers to living ones."""
    while True:
        asked_at = clock.monotonic_s()
        stranded = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STRANDED_AFTER_S)
        if clock.monotonic_s() - asked_at > HEARTBEAT_S:
            # The database was away, so the living could give no sign of life either.
            await asyncio.sleep(2 * HEARTBEAT_S)
            continue
        for job in stranded:
            _log.warning("job %s of a dead worker is run again", job.task_name)
            with suppress(exceptions.ConnectorException):  # another worker was first
                await app.job_manager.retry_job(job)
        await asyncio.sleep(RESCUE_EVERY_S)


async def _tidy(app: App) -> None:
    """Forget, once an hour, failed jobs of last month and sessions that have expired."""
    while True:
        await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_JOBS_H, include_failed=True)
        await asyncio.to_thread(_clear_sessions)
        await asyncio.sleep(TIDY_EVERY_S)


def _clear_sessions() -> None:
    call_command("clearsessions")
    connections.close_all()
