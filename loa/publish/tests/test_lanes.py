"""What a worker holds is worked off once, in order, by no more senders than a channel bears."""

import threading
from collections import Counter
from datetime import UTC, datetime

from loa.connectors.registry import all_connectors
from loa.content.rules.document import Document
from loa.publish.dispatcher.lanes import Lanes
from loa.publish.dispatcher.work import HeldPart, Work
from loa.publish.rules.threading import Frozen

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST = all_connectors()["sandbox"].max_concurrent_per_channel


def work(pk: int, *, channel: int = 1, origin: str = "a", urgent: bool = False) -> Work:
    """Return a delivery in a worker's hands."""
    return Work(
        delivery_id=pk,
        fence=1,
        workspace_id=1,
        channel_id=channel,
        platform="sandbox",
        origin=origin,
        urgent=urgent,
        frozen=Frozen(Document(), "vi", AT),
        parts=[HeldPart(pk, 0, f"key {pk}", "")],
        due_at=AT,
    )


def test_a_channel_is_worked_off_in_its_order_and_urgent_work_goes_ahead() -> None:
    lanes, taken = Lanes(senders=8), list[int]()
    lanes.add([work(1), work(2), work(3), work(4, urgent=True)])
    before: Work | None = None
    for _ in range(4):
        before = lanes.take(after=before, before_waiting=lambda: None)
        assert before is not None
        taken.append(before.delivery_id)

    assert taken == [4, 1, 2, 3]
    assert lanes.waiting() == 0


def test_senders_take_everything_once_and_never_more_of_a_channel_than_it_bears() -> None:
    lanes, channels, each = Lanes(senders=12), 6, 60
    running, most, taken = Counter[int](), Counter[int](), list[int]()
    lock = threading.Lock()

    def send() -> None:
        before: Work | None = None
        while (one := lanes.take(after=before, before_waiting=lambda: None)) is not None:
            with lock:
                running[one.channel_id] += 1
                most[one.channel_id] = max(most[one.channel_id], running[one.channel_id])
                taken.append(one.delivery_id)
                if len(taken) == channels * each:
                    lanes.close()
            with lock:
                running[one.channel_id] -= 1
            before = one

    senders = [threading.Thread(target=send, daemon=True) for _ in range(12)]
    for sender in senders:
        sender.start()
    for number in range(each):
        lanes.add(
            work(number * channels + channel, channel=channel, origin="ab"[channel % 2])
            for channel in range(channels)
        )
    for sender in senders:
        sender.join(20)

    assert sorted(taken) == list(range(channels * each))
    assert max(most.values()) <= MOST


def test_what_a_sender_did_not_begin_is_given_back() -> None:
    lanes = Lanes(senders=2)
    lanes.add([work(1), work(2), work(3, channel=2)])
    begun = lanes.take(before_waiting=lambda: None)

    left = lanes.close()

    assert begun is not None
    assert {one.delivery_id for one in left} | {begun.delivery_id} == {1, 2, 3}
    assert lanes.waiting() == 0
    assert lanes.take(after=begun, before_waiting=lambda: None) is None
