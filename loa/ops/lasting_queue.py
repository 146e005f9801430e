"""The job queue as a worker sees it, through cut connections and a database that was away.

Procrastinate gives a lane up when one of its statements fails, forgets a job whose end could
not be written, and after lost connections waits longer for each further one. Here a statement
is tried again until the database answers, and what may have happened unheard is looked up
before it is done twice.
"""

import asyncio
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

import psycopg
from procrastinate import exceptions
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback, get_channel_for_queues
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from loa.ops import clock, listening
from loa.ops.listening import AWAY

FIRST_PAUSE_S = 0.05
STOPPING_WITHIN_S = 2.0  # a worker that is to end tries no longer than this
ASK_WHETHER_ALIVE_S = 15.0
_log = logging.getLogger(__name__)


def new_pool(*, max_size: int) -> AsyncConnectionPool[Any]:
    """Return a pool for one worker process, not open yet.

    It looks for a lost connection's successor every second, and gives none out that it checked
    first: that check would wait twice as long after each dead one it met.
    """
    return AsyncConnectionPool(
        kwargs=listening.connection_values(),
        min_size=1,
        max_size=max_size,
        open=False,
        timeout=listening.LONGEST_PAUSE_S,
        reconnect_timeout=listening.LONGEST_PAUSE_S,
    )


class LastingQueue(JobManager):
    """A job manager whose every question is asked until it is answered.

    stop: once set, a database that is away is waited for no longer.
    """

    def __init__(self, connector: PsycopgConnector, *, stop: threading.Event) -> None:
        super().__init__(connector)
        self._pool_of = connector
        self._stop = stop
        self._held: set[int] = set()
        self._heard = 0
        self._renewed_at = float("-inf")

    # --- what may be asked twice ----------------------------------------------------------

    async def register_worker(self) -> int:
        """Register a worker. One that was registered unheard dies of its silence."""
        return await self._until_answered(super().register_worker)

    async def unregister_worker(self, worker_id: int) -> None:
        """Take a worker off the list."""
        await self._until_answered(partial(super().unregister_worker, worker_id))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Say that a worker lives."""
        await self._until_answered(partial(super().update_heartbeat, worker_id))

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """Take silent workers off the list."""
        return await self._until_answered(
            partial(super().prune_stalled_workers, seconds_since_heartbeat)
        )

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:
        """Return the running jobs that somebody wants to end."""
        return await self._until_answered(partial(super().list_jobs_to_abort_async, queue))

    async def get_stalled_jobs(self, *values: Any, **named: Any) -> Iterable[Job]:
        """Return the jobs of dead workers."""
        return await self._until_answered(partial(super().get_stalled_jobs, *values, **named))

    async def delete_old_jobs(self, *values: Any, **named: Any) -> None:
        """Forget jobs that ended long ago."""
        await self._until_answered(partial(super().delete_old_jobs, *values, **named))

    async def defer_periodic_job(
        self, job: Job, periodic_id: str, defer_timestamp: int
    ) -> int | None:
        """Enqueue the run of a period, unless it was."""
        return await self._until_answered(
            partial(super().defer_periodic_job, job, periodic_id, defer_timestamp)
        )

    # --- what may have happened unheard ---------------------------------------------------

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take the next job; the one taken before, when its answer was lost.

        News that came while we asked are asked for again: the lane would forget them.
        """
        fetch, lost = super().fetch_job, False

        async def step() -> Job | None:
            nonlocal lost
            if lost and (unheard := await self._unheard(worker_id)):
                return unheard
            lost = True
            return await fetch(queues, worker_id)

        while True:
            before = self._heard
            job = await self._until_answered(step)
            if job is not None or before == self._heard:
                break
            lost = False
        if job is not None and job.id is not None:
            self._held.add(job.id)
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 (as its base has it)
        """Write down how a job ended."""
        await self._end(job, partial(super().finish_job, job, status, delete_job))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back into the queue."""
        await self._end(job, partial(super().retry_job, job, retry_at, priority, queue, lock))

    async def _unheard(self, worker_id: int) -> Job | None:
        """Return a job that this worker took without hearing so."""
        taken = await self.list_jobs_async(status=Status.DOING.value, worker_id=worker_id)
        return next((job for job in taken if job.id not in self._held), None)

    async def _end(self, job: Job, end: Callable[[], Awaitable[None]]) -> None:
        lost = False

        async def step() -> None:
            nonlocal lost
            if lost and not await self._is_still_ours(job):
                return
            lost = True
            await end()

        await self._until_answered(step)
        self._held.discard(job.id or 0)

    async def _is_still_ours(self, job: Job) -> bool:
        return bool(
            await self.list_jobs_async(
                id=job.id, status=Status.DOING.value, worker_id=job.worker_id
            )
        )

    # --- being called ---------------------------------------------------------------------

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Pass on what is announced, and after each gap that something may have been."""
        channels = list(get_channel_for_queues(queues))
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **listening.connection_values(), autocommit=True
                ) as own:
                    await own.execute(listening.listen_command(channels))
                    pause_s = FIRST_PAUSE_S
                    self._heard += 1
                    await on_notification(
                        channel=channels[0], notification={"type": "job_inserted", "job_id": 0}
                    )
                    while True:
                        async for note in own.notifies(timeout=ASK_WHETHER_ALIVE_S):
                            self._heard += 1
                            await on_notification(
                                channel=note.channel, notification=json.loads(note.payload)
                            )
                        await own.execute("SELECT 1")
            except AWAY as error:
                _log.warning("listening for jobs was interrupted: %s", str(error).strip())
            await asyncio.sleep(pause_s)
            pause_s = listening.next_pause(pause_s)

    # --- asking again ---------------------------------------------------------------------

    async def _until_answered[T](self, ask: Callable[[], Awaitable[T]]) -> T:
        began, pause_s = clock.monotonic_s(), FIRST_PAUSE_S
        while True:
            asked_at = clock.monotonic_s()
            try:
                return await ask()
            except exceptions.ConnectorException as error:
                if not isinstance(error.__cause__, AWAY) or self._gives_up(began):
                    raise
                # A timeout says that all connections are in use, or none can be had; of the
                # latter the pool itself writes.
                if not isinstance(error.__cause__, PoolTimeout):
                    _log.warning(
                        "the job queue lost its database: %s", str(error.__cause__).strip()
                    )
                    await self._renew(asked_at)
            await asyncio.sleep(pause_s)
            pause_s = listening.next_pause(pause_s)

    def _gives_up(self, began: float) -> bool:
        return self._stop.is_set() and clock.monotonic_s() - began > STOPPING_WITHIN_S

    async def _renew(self, asked_at: float) -> None:
        """Replace all connections that are older than the question: what cut one cut others."""
        if self._renewed_at < asked_at:
            self._renewed_at = clock.monotonic_s()
            await self._pool_of.pool.drain()
