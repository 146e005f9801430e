"""What it costs to hand work to a worker, and how soon it wakes (B4).

Units: due deliveries that are claimed in batches, with their words frozen and keys chosen;
nothing is sent. Beside it Procrastinate with an empty job each: as it comes, with one job at a
time, which is what a claim is compared with; and with eight at a time, to know. All of both wait
from the beginning, with statistics, and are taken in turns; of each the median round counts.
Wake-up: from the commit of "send now" to the platform's acceptance, when a worker that has worked
before has nothing else to do.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import batched, islice
from statistics import median

import psycopg

from benchmarks import _ground
from benchmarks._null_network import NullNetwork, null_network
from benchmarks._workers import loa_work

UNITS, WAKES, ROUNDS = 50_000, 200, 10
JOBS_A_ROUND, MANY = 500, 8
SPARE = 2_500
WARMING_UP = 20  # a fresh connection plans each statement a few times before it keeps the plan
CHANNELS = 200
LEAST_PER_S, LEAST_TIMES, MOST_WAKE_S = 5_000, 20, 0.020


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when a limit is passed."""
    parser = argparse.ArgumentParser(prog="loa bench wake", description=__doc__)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--wakes", type=int, default=WAKES)
    options = parser.parse_args(argv)
    with _ground.fresh_database() as server, null_network() as network:
        jobs, units = _Jobs(), _Units(network)
        for work in (jobs, units):
            work.put_down(options.units + SPARE)  # for neither stops at the very unit
        with psycopg.connect(server.url("loa_owner"), autocommit=True) as owner:
            owner.execute("ANALYZE")
        rates = [
            (
                jobs.taken_per_s(JOBS_A_ROUND, at_once=1),
                units.taken_per_s(options.units // ROUNDS),
                jobs.taken_per_s(JOBS_A_ROUND, at_once=MANY),
            )
            for _ in range(ROUNDS)
        ]
        jobs_per_s, units_per_s, many_per_s = (median(some) for some in zip(*rates, strict=True))
        _set_aside()
        woken_s = sorted(_wakes(network, options.wakes))
    p50_s, p99_s = woken_s[len(woken_s) // 2], woken_s[int(len(woken_s) * 0.99)]
    times = units_per_s / jobs_per_s
    sys.stdout.write(f"{'claimed in batches':<28}{units_per_s:>9.0f}/s, least {LEAST_PER_S}\n")
    sys.stdout.write(f"{'one job each (Procrastinate)':<28}{jobs_per_s:>9.0f}/s\n")
    sys.stdout.write(f"{'times':<28}{times:>9.1f}, least {LEAST_TIMES}\n")
    sys.stdout.write(f"{'the same, eight at a time':<28}{many_per_s:>9.0f}/s\n")
    sys.stdout.write(f"{'times':<28}{units_per_s / many_per_s:>9.1f}\n")
    sys.stdout.write(f"{'woken p50':<28}{p50_s * 1000:>9.1f} ms\n")
    limit = f"most {MOST_WAKE_S * 1000:.0f}"
    sys.stdout.write(f"{'woken p99':<28}{p99_s * 1000:>9.1f} ms, {limit}\n")
    holds = units_per_s >= LEAST_PER_S and times >= LEAST_TIMES and p99_s <= MOST_WAKE_S
    return 0 if holds else 1


class _Jobs:
    """Empty jobs in Procrastinate's queue."""

    def __init__(self) -> None:
        from procrastinate import PsycopgConnector  # noqa: PLC0415
        from procrastinate.contrib.django import app  # noqa: PLC0415

        from loa.ops.listening import connection_values  # noqa: PLC0415

        self._app = app.with_connector(PsycopgConnector(kwargs=connection_values()))
        self._done_s: list[float] = []
        self._count = 0
        self._enough: Callable[[], object] = list

        @self._app.task(name="bench.nothing", queue="bench")
        def nothing() -> None:
            """Do nothing, but say when."""
            self._done_s.append(time.perf_counter())
            if len(self._done_s) == self._count:
                self._enough()

        self._nothing = nothing

    def put_down(self, count: int) -> None:
        async def defer() -> None:
            async with self._app.open_async():
                await self._nothing.batch_defer_async(*[{} for _ in range(count)])

        asyncio.run(defer())

    def taken_per_s(self, count: int, *, at_once: int) -> float:
        """Return how many a worker does in a second, from its first to number `count`."""
        self._done_s.clear()
        self._count = count

        async def work() -> None:
            enough, loop = asyncio.Event(), asyncio.get_running_loop()
            self._enough = partial(loop.call_soon_threadsafe, enough.set)
            async with self._app.open_async():
                worker = asyncio.create_task(
                    self._app.run_worker_async(queues=["bench"], concurrency=at_once)
                )
                await enough.wait()
                worker.cancel()
                await asyncio.wait([worker])

        asyncio.run(work())
        return (count - 1) / (self._done_s[count - 1] - self._done_s[0])


class _Units:
    """Due deliveries, as the dispatcher claims them."""

    def __init__(self, network: NullNetwork) -> None:
        self._workspace, self._channels = _ground.a_workspace_with_channels(
            channels=CHANNELS, base_url=network.base_url
        )

    def put_down(self, count: int) -> None:
        from loa.ops import clock  # noqa: PLC0415

        for number, some in enumerate(batched([clock.now()] * count, 5_000)):
            _ground.due_posts(self._workspace, self._channels, list(some), mark=f"unit {number}")

    def taken_per_s(self, count: int) -> float:
        """Return how many are claimed in a second, of at least `count`."""
        from loa.ops import clock  # noqa: PLC0415
        from loa.publish.dispatcher import Pace  # noqa: PLC0415
        from loa.publish.dispatcher.claims import claim_due  # noqa: PLC0415

        took, began = 0, time.perf_counter()
        while took < count:
            taken = claim_due(now=clock.now(), worker=1 << 62, pace=Pace()).work
            if not taken:
                raise RuntimeError(f"{took} of {count} units were claimed")
            took += len(taken)
        return took / (time.perf_counter() - began)


def _set_aside() -> None:
    """Let the claimed units be no work for what follows."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415

    with fence.everywhere("end the claims of a benchmark"):
        Delivery.all_work.update(state="cancelled", worker=None, lease_until=None)


def _wakes(network: NullNetwork, count: int) -> list[float]:
    """Return how long after its commit each of `count` posts was accepted."""
    from loa.content.models import Post  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.publish import actions  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415
    from loa.workspace.models import Member  # noqa: PLC0415

    workspace, channels = _ground.a_workspace_with_channels(
        channels=CHANNELS, base_url=network.base_url
    )
    _ground.due_posts(workspace, channels, [clock.now()] * (WARMING_UP + count), mark="wake")
    with fence.inside(workspace.pk):
        Delivery.all_work.filter(workspace=workspace).delete()
        posts = list(Post.objects.in_workspace(workspace).order_by("pk"))
        owner = Member.objects.in_workspace(workspace).get()
    committed: dict[str, float] = {}
    with loa_work(network.base_url):
        time.sleep(8)  # it must be there, and have nothing to do
        for number, post in enumerate(posts):
            with fence.inside(workspace.pk):
                actions.send_now(post, by=owner)
            committed[f"wake {number}: bánh mì nóng đây!"] = time.time()
            time.sleep(0.1)
        time.sleep(2)
    accepted = dict(network.accepted())
    return [accepted[text] - at_s for text, at_s in islice(committed.items(), WARMING_UP, None)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
