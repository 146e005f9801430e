"""A month of 10,000 posts on 50 channels, replayed in the practice network in its own time.

The plan is drawn by chance over thirty days, six in the morning to ten at night, to the five
minutes. Loa's clock and the network's jump from one planned instant to the next; a worker does
what is due. In the end the network's ledger must be the plan: each post once, on its channel, at
its time.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks import _ground

if TYPE_CHECKING:
    from practice_network.testing import Running

CHANNELS, DAYS, STEP_MIN = 50, 30, 5
FIRST_HOUR, LAST_HOUR = 6, 22
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
SEED = 20261101

type Said = tuple[str, str, datetime]


def main(argv: Sequence[str]) -> int:
    """Replay and print one table; return 1 when the ledger is not the plan."""
    parser = argparse.ArgumentParser(prog="loa bench month", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    options = parser.parse_args(argv)
    from practice_network.testing import running_network  # noqa: PLC0415

    with _ground.fresh_database(), running_network(seed=SEED) as practice:
        began = time.perf_counter()
        plan = _planned(practice, options.posts)
        written_s = time.perf_counter() - began
        steps = _replay(practice, plan)
        took_s = time.perf_counter() - began - written_s
        seen = [
            (one["account"], one["payload"]["text"], _minute(one["at"]))
            for one in practice.client.posts_in_ledger()
        ]
    missing = Counter(plan) - Counter(seen)
    extra = Counter(seen) - Counter(plan)
    sys.stdout.write(f"{'posts, channels, days':<34}{options.posts:>8}, {CHANNELS}, {DAYS}\n")
    sys.stdout.write(f"{'instants':<34}{steps:>8}\n")
    sys.stdout.write(f"{'replayed in':<34}{took_s:>8.0f} s ({options.posts / took_s:.0f}/s)\n")
    sys.stdout.write(f"{'in the plan, not in the ledger':<34}{missing.total():>8}\n")
    sys.stdout.write(f"{'in the ledger, not in the plan':<34}{extra.total():>8}\n")
    return 0 if not missing and not extra else 1


def _planned(practice: "Running", posts: int) -> list[Said]:
    """Make the channels and hand over the plan; return it as (account, text, instant)."""
    from loa.channels.models import Channel  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from tests.publish.scene import a_scene  # noqa: PLC0415

    practice.client.set_clock(now=_text(BEGIN), speed=0)
    with clock.at(BEGIN):
        scene = a_scene(practice)
        channels = [scene.channel(f"kenh{number}") for number in range(CHANNELS)]
        chance = random.Random(SEED)  # noqa: S311 (a repeatable plan, no secret)
        marks = (LAST_HOUR - FIRST_HOUR) * 60 // STEP_MIN
        due_at = [
            BEGIN
            + timedelta(
                days=chance.randrange(DAYS),
                hours=FIRST_HOUR,
                minutes=STEP_MIN * chance.randrange(marks),
            )
            for _ in range(posts)
        ]
        _ground.due_posts(scene.workspace, channels, due_at, mark="tháng")
    with fence.inside(scene.workspace.pk):
        handles = dict(Channel.objects.values_list("pk", "handle"))
    return [
        (handles[channels[number % CHANNELS].pk], f"tháng {number}: bánh mì nóng đây!", instant)
        for number, instant in enumerate(due_at)
    ]


def _replay(practice: "Running", plan: list[Said]) -> int:
    """Live through the month; return at how many instants something was due."""
    from loa.ops import clock  # noqa: PLC0415
    from loa.publish.dispatcher import Worker  # noqa: PLC0415

    instants = sorted({instant for _account, _text, instant in plan})
    worker = Worker()
    for instant in instants:
        practice.client.set_clock(now=_text(instant), speed=0)
        with clock.at(instant):
            worker.work_off()
    return len(instants)


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _minute(value: Any) -> datetime:
    return datetime.fromisoformat(str(value)).replace(microsecond=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
