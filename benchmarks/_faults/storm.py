"""F8: some channels are told to wait, over and over; the others must not feel it."""

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks._faults.case import CHANNELS_PER_CLASS, Case

if TYPE_CHECKING:
    from loa.publish.models import Attempt

RETRY_AFTER_S = 2
STRUCK = 0  # the number of the channel, in each class, that the storm strikes
# The calm is a third of the storm; what is due in the storm's last tenth may be sent after it.
CALM, BUSY = 1 / 3, 0.9
BEGINS_S, BEGINS_EACH_S = 3.0, 0.002
# Lateness is judged in a storm this long; times, and below which both count as the same.
JUDGED_FROM_S, TIMES, SAME_S = 60.0, 2.0, 0.05


def stormed(case: Case) -> None:
    """F8: half of the calls to one channel of each class are answered with "wait".

    Nobody may call there before the time is up. On the other channel of each class posts are
    due evenly, in a calm before the storm and in the storm: the 99th percentile of their
    lateness (from due to accepted by the network, by its ledger) may at most double.
    """
    from loa.ops import clock  # noqa: PLC0415

    storm_s, posts = case.size.storm_s, case.size.deliveries * len(case.size.classes)
    case.open_channels()
    begins = clock.now() + timedelta(seconds=BEGINS_S + BEGINS_EACH_S * posts)
    breaks = begins + timedelta(seconds=storm_s * CALM)
    struck, spared = (
        range(one, case.size.deliveries, CHANNELS_PER_CLASS) for one in (STRUCK, 1 - STRUCK)
    )
    case.write(numbers=struck, due_at=_evenly(breaks, storm_s * BUSY, posts / 2))
    others = case.write(numbers=spared, due_at=_evenly(begins, storm_s * (CALM + 1), posts / 2))
    case.put_down()
    with case.workers(2):
        time.sleep(max(0.0, (breaks - clock.now()).total_seconds()))
        case.order(
            "the storm",
            "rate_limit",
            account=f"*{STRUCK}",
            count=None,
            probability=0.5,
            seed=case.chance.randint(1, 999),
            retry_after_s=RETRY_AFTER_S,
        )
        time.sleep(storm_s)
        case.calm_down()
        case.settled()
    case.wrong += _called_too_early()
    _judge_lateness(case, {post.document.parts[0].caption for post in others}, breaks=breaks)


def _evenly(begins: datetime, length_s: float, count: float) -> Callable[[int], datetime]:
    step = timedelta(seconds=length_s / count)
    return lambda turn: begins + turn * step


def _judge_lateness(case: Case, spared: Collection[str], *, breaks: datetime) -> None:
    """Compare the lateness of the spared channels' posts in the storm with that in the calm."""
    from benchmarks._faults.rows import work  # noqa: PLC0415

    due = {one.variant.document.parts[0].caption: one.due_at for one in work() if one.variant}
    calm: list[float] = []
    storm: list[float] = []
    for entry in case.scene.practice.client.posts_in_ledger():
        text = entry["payload"]["text"]
        if text in spared:
            late_s = (datetime.fromisoformat(entry["real_at"]) - due[text]).total_seconds()
            (calm if due[text] < breaks else storm).append(late_s)
    before_s, during_s = _p99(calm), _p99(storm)
    case.notes.append(
        f"p99 of the lateness on other channels: {before_s * 1000:.0f} ms in the calm"
        f" ({len(calm)} posts), {during_s * 1000:.0f} ms in the storm ({len(storm)} posts)"
    )
    if case.size.storm_s >= JUDGED_FROM_S and during_s > TIMES * max(before_s, SAME_S):
        case.wrong.append("other channels were more than twice as late in the storm")


def _p99(late_s: Sequence[float]) -> float:
    return sorted(late_s)[int(len(late_s) * 0.99)] if late_s else 0.0


def _called_too_early() -> list[str]:
    """Return the calls that came before the channel's "wait" was over, by our own evidence."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Attempt  # noqa: PLC0415

    with fence.everywhere("compare tries with what the platform asked"):
        tries = list(
            Attempt.objects.filter(step="publish")
            .select_related("delivery")
            .order_by("started_at", "pk")
        )
    by_channel: dict[int, list[Attempt]] = defaultdict(list)
    for one in tries:
        by_channel[one.delivery.channel_id].append(one)
    early: list[str] = []
    for told in tries:
        if told.retry_after_s is None or told.ended_at is None:
            continue
        until = told.ended_at + timedelta(seconds=told.retry_after_s)
        others = by_channel[told.delivery.channel_id]
        for other in others[bisect_right(others, told.ended_at, key=_started_at) :]:
            if other.started_at >= until:
                break
            early.append(f"delivery {other.delivery_id} at {other.started_at}")
    return early


def _started_at(one: "Attempt") -> datetime:
    return one.started_at
