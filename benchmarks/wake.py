"""What it costs to hand work to a worker, and how soon it wakes (B4).

Units: due deliveries that are claimed in batches, with their words frozen and keys chosen, and
given back; nothing is sent. Beside it, in the same minute, Procrastinate with one empty job for
each unit. Wake-up: from the commit of "send now" to the platform's acceptance, when a worker has
nothing else to do.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from benchmarks import _ground
from benchmarks._null_network import NullNetwork, null_network
from benchmarks._workers import loa_work

UNITS, JOBS, WAKES = 50_000, 3_000, 200
CHANNELS = 200
LEAST_PER_S, LEAST_TIMES, MOST_WAKE_S = 5_000, 20, 0.020


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when a limit is passed."""
    parser = argparse.ArgumentParser(prog="loa bench wake", description=__doc__)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--wakes", type=int, default=WAKES)
    options = parser.parse_args(argv)
    with _ground.fresh_database(), null_network() as network:
        jobs_per_s = _jobs(options.jobs)
        units_per_s = _claims(network, options.units)
        woken_s = sorted(_wakes(network, options.wakes))
    p50_s, p99_s = woken_s[len(woken_s) // 2], woken_s[int(len(woken_s) * 0.99)]
    times = units_per_s / jobs_per_s
    sys.stdout.write(f"{'claimed in batches':<28}{units_per_s:>9.0f}/s, least {LEAST_PER_S}\n")
    sys.stdout.write(f"{'one job each (Procrastinate)':<28}{jobs_per_s:>9.0f}/s\n")
    sys.stdout.write(f"{'times':<28}{times:>9.1f}, least {LEAST_TIMES}\n")
    sys.stdout.write(f"{'woken p50':<28}{p50_s * 1000:>9.1f} ms\n")
    limit = f"most {MOST_WAKE_S * 1000:.0f}"
    sys.stdout.write(f"{'woken p99':<28}{p99_s * 1000:>9.1f} ms, {limit}\n")
    holds = units_per_s >= LEAST_PER_S and times >= LEAST_TIMES and p99_s <= MOST_WAKE_S
    return 0 if holds else 1


def _jobs(count: int) -> float:
    """Return how many empty jobs a Procrastinate worker does in a second."""
    from procrastinate import PsycopgConnector  # noqa: PLC0415
    from procrastinate.contrib.django import app as queue  # noqa: PLC0415

    from loa.ops.listening import connection_values  # noqa: PLC0415

    app = queue.with_connector(PsycopgConnector(kwargs=connection_values()))

    @app.task(name="bench.nothing", queue="bench")
    def nothing() -> None:
        """Do nothing."""

    async def run() -> float:
        async with app.open_async():
            await nothing.batch_defer_async(*[{} for _ in range(count)])
            began = time.perf_counter()
            await app.run_worker_async(queues=["bench"], wait=False, concurrency=8)
            return count / (time.perf_counter() - began)

    return asyncio.run(run())


def _claims(network: NullNetwork, units: int) -> float:
    """Return how many due deliveries a worker claims in a second."""
    from loa.ops import clock  # noqa: PLC0415
    from loa.publish.dispatcher import Pace  # noqa: PLC0415
    from loa.publish.dispatcher.claims import claim_due  # noqa: PLC0415

    workspace, channels = _ground.a_workspace_with_channels(
        channels=CHANNELS, base_url=network.base_url
    )
    due_at = [clock.now()] * 5_000
    for number in range(units // len(due_at)):
        _ground.due_posts(workspace, channels, due_at, mark=f"unit {number}")
    took, began = 0, time.perf_counter()
    while taken := claim_due(now=clock.now(), worker=1 << 62, pace=Pace()).work:
        took += len(taken)
    rate = took / (time.perf_counter() - began)
    if took != units:
        raise RuntimeError(f"{took} of {units} units were claimed")
    _set_aside()
    return rate


def _set_aside() -> None:
    """Let the claimed units be no work for the worker that follows."""
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
    _ground.due_posts(workspace, channels, [clock.now()] * count, mark="wake")
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
    return [accepted[text] - at_s for text, at_s in committed.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
