"""Background work: jobs that are enqueued, jobs that repeat, and loops that wake when needed.

An app declares its background work in its `jobs.py`, found by itself. A job is enqueued in
the transaction of the action that needs it: both commit or neither does. It may run twice.
"""

import inspect
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as queue

# How many jobs of a lane run at once in one `loa work`. Separate lanes, so that urgent work
# never stands behind bulk work.
LANES = {"publish": 4, "default": 4, "bulk": 2, "video": 1}
TRIES = 5
FIRST_WAIT_S = 3  # then 9, 27, 81 seconds

# Set when this process is asked to stop: a loop that keeps threads of its own looks at it.
stopping = threading.Event()

_jobs: dict[str, "Job"] = {}
_loops: dict[str, "Loop"] = {}


@dataclass(slots=True)
class Job:
    """A piece of background work, run with the ids it was enqueued with.

    every_s: seconds between two runs of a job that repeats, None for one that is enqueued.
    """

    name: str
    lane: str
    tries: int
    run: Callable[..., None]
    every_s: int | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that decides itself when it must run next.

    run: works off what is due and returns the next instant it must run, None for "when woken".
    wakes_on: the NOTIFY channel that wakes it.
    """

    name: str
    wakes_on: str
    run: Callable[[], datetime | None]


def job(
    name: str, *, lane: str = "default", tries: int = TRIES
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a job called `name` ("app.verb_noun"). It takes keyword-only ids.

    It must swallow unknown arguments (**_newer): a newer web process may already send some.
    A job that raises is tried `tries` times in all, with growing pauses.
    """
    if lane not in LANES:
        raise ValueError(f"there is no lane {lane!r}; there are {', '.join(LANES)}")

    def declare(run: Callable[..., None]) -> Callable[..., None]:
        _refuse_signature(name, run)
        if name in _jobs:
            raise ValueError(f"two jobs are called {name}")
        _jobs[name] = Job(name, lane, tries, run)
        return run

    return declare


def every(*, seconds: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Repeat the job below, once per period whatever the number of workers.

    seconds: a divisor of a minute, or whole minutes dividing an hour, or whole hours dividing
    a day. A run that was missed by more than ten minutes is left out.
    """
    _cron(seconds)

    def declare(run: Callable[..., None]) -> Callable[..., None]:
        for one in _jobs.values():
            if one.run is run:
                one.every_s = seconds
                return run
        raise ValueError("@every stands above @job")

    return declare


def loop(
    name: str, *, wakes_on: str
) -> Callable[[Callable[[], datetime | None]], Callable[[], datetime | None]]:
    """Declare a loop; see Loop. It runs in a thread of its own in every `loa work`."""

    def declare(run: Callable[[], datetime | None]) -> Callable[[], datetime | None]:
        if name in _loops:
            raise ValueError(f"two loops are called {name}")
        _loops[name] = Loop(name, wakes_on, run)
        return run

    return declare


def enqueue(name: str, /, **ids: int | str) -> None:
    """Add a run of the job `name` to the current transaction."""
    if name not in _jobs:
        raise ValueError(f"there is no job {name}")
    queue.configure_task(name, queue=_jobs[name].lane).defer(**ids)


def wake(channel: str) -> None:
    """Wake the loops that wait on `channel`, once the current transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])


def all_jobs() -> dict[str, Job]:
    """Return every job by name."""
    return dict(_jobs)


def all_loops() -> dict[str, Loop]:
    """Return every loop by name."""
    return dict(_loops)


def register(app: App) -> None:
    """Tell a worker's Procrastinate app about every job."""
    for one in _jobs.values():
        task = app.task(
            name=one.name,
            queue=one.lane,
            retry=RetryStrategy(max_attempts=one.tries - 1, exponential_wait=FIRST_WAIT_S),
        )(one.run)
        if one.every_s:
            app.periodic(cron=_cron(one.every_s))(task)


def _refuse_signature(name: str, run: Callable[..., None]) -> None:
    kinds = [parameter.kind for parameter in inspect.signature(run).parameters.values()]
    if inspect.Parameter.VAR_KEYWORD not in kinds or not set(kinds) <= {
        inspect.Parameter.KEYWORD_ONLY,
        inspect.Parameter.VAR_KEYWORD,
    }:
        raise TypeError(f"job {name} must take keyword-only ids and **_newer")


def _cron(seconds: int) -> str:
    """Return the period as a cron line of six fields, the sixth being seconds."""
    minute, hour, day = 60, 3600, 86400
    if seconds > 0 and minute % seconds == 0 and seconds < minute:
        return f"* * * * * */{seconds}"
    if seconds > 0 and seconds % minute == 0 and hour % seconds == 0 and seconds < hour:
        return f"*/{seconds // minute} * * * * 0"
    if seconds > 0 and seconds % hour == 0 and day % seconds == 0:
        return f"0 {'*/' + str(seconds // hour) if seconds < day else '3'} * * * 0"
    raise ValueError(f"{seconds} seconds do not divide a minute, an hour or a day evenly")
