"""Quotas against the real practice network, whose own count is the witness."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from loa.channels.models import Channel
from loa.connectors.quotas import FACT
from loa.ops import clock, fence
from loa.publish.dispatcher import Worker
from loa.publish.dispatcher.claims import claim_due
from loa.publish.models import Attempt, ChannelTurn, QuotaUse
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.backlogs import analyse, more_like, rows_read_by_a_claim
from tests.cast import a_channel
from tests.database import TestServer
from tests.publish.scene import HURRIED, Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def a_measured_channel(scene: Scene, handle: str, requests: int) -> Channel:
    """Connect an account that the network lets make so many requests in five minutes."""
    opened = scene.practice.client.open_account(handle, requests_per_window=requests)
    return a_channel(
        scene.workspace,
        handle=handle,
        base_url=scene.practice.base_url,
        secret={"access_code": opened.access_code},
        facts={"idempotency": "native_key", FACT: {"requests": requests}},
    )


def rate_limited(scene: Scene) -> int:
    with fence.inside(scene.workspace.pk):
        return Attempt.objects.filter(outcome="rate_limited").count()


def test_racing_workers_never_spend_more_than_the_quota(scene: Scene) -> None:
    channel = a_measured_channel(scene, "chat", 20)
    for number in range(30):
        scene.scheduled(channel, text=f"bài {number}")
    workers = [Worker(HURRIED) for _ in range(3)]
    for worker in workers:
        worker.start()

    until = time.monotonic() + 8
    while len(scene.ledger()) < 18 and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    stopped = [worker.stop() for worker in workers]

    assert all(stopped)
    # One in ten is kept for what is urgent.
    assert len(scene.ledger()) == 18
    assert rate_limited(scene) == 0
    with fence.everywhere("look at what was used in a test"):
        [use] = QuotaUse.objects.all()
        assert ChannelTurn.objects.get(channel=channel).bulk_from > clock.now()
    assert (sum(use.slices), use.spreads) == (18, True)


def test_two_claims_of_one_quota_share_what_is_there(scene: Scene) -> None:
    """Two channels of one account's measure each claim at the same moment, in threads."""
    channels = [a_measured_channel(scene, f"c{number}", 10) for number in range(4)]
    for number in range(20):
        scene.scheduled(*channels, text=f"bài {number}")
    gate, counts = threading.Barrier(4), list[int]()

    def take(worker: int) -> None:
        gate.wait()
        for _ in range(6):
            counts.extend(
                work.channel_id
                for work in claim_due(now=clock.now(), worker=worker, pace=HURRIED).work
            )
        connection.close()

    threads = [threading.Thread(target=take, args=(1 << 62 | n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == sorted(channel.pk for channel in channels for _ in range(9))


@pytest.mark.parametrize("analysed", ["", "before", "with it"])
def test_a_full_quota_holds_up_no_other_channel_nor_is_its_backlog_read(
    scene: Scene, database_server: TestServer, analysed: str
) -> None:
    """Whatever the statistics say: nothing, or what was before the backlog, or with it."""
    full, free = a_measured_channel(scene, "day", 10), a_measured_channel(scene, "roi", 10)
    [first] = scene.scheduled(full, text="bài đầu")
    if analysed == "before":
        analyse(database_server)
    more_like(first, 10_000)
    if analysed == "with it":
        analyse(database_server)
    work_off()
    [other] = scene.scheduled(free, text="bài khác")

    with fence.everywhere("claim in a test"):
        taken = claim_due(now=clock.now(), worker=1 << 62, pace=HURRIED)
        read = rows_read_by_a_claim(HURRIED)

    assert [work.delivery_id for work in taken.work] == [other.pk]
    assert len(scene.ledger()) == 9
    assert read < 100


def test_what_is_urgent_goes_out_while_bulk_waits_for_the_quota(scene: Scene) -> None:
    channel = a_measured_channel(scene, "gap", 10)
    for number in range(12):
        scene.scheduled(channel, text=f"bài {number}")
    work_off()
    post = scene.post(channel, text="gấp")
    from loa.publish import actions  # noqa: PLC0415

    with fence.inside(scene.workspace.pk):
        [urgent] = actions.send_now(post, by=scene.ana)
    work_off()

    assert again(urgent).state == S.DELIVERED
    assert scene.ledger().count("gấp") == 1
    assert len(scene.ledger()) == 10
    assert rate_limited(scene) == 0


def test_what_waited_goes_out_once_there_is_room_and_one_after_the_other(scene: Scene) -> None:
    channel = a_measured_channel(scene, "deu", 10)
    deliveries = [scene.scheduled(channel, text=f"bài {number}")[0] for number in range(12)]
    work_off()
    now = clock.now()

    # The network's own window is real time; only Loa's moves here, so it may refuse.
    later = now + timedelta(minutes=6)
    with clock.at(later):
        first = claim_due(now=later, worker=1 << 62, pace=HURRIED).work
        at_once = claim_due(now=later, worker=1 << 62, pace=HURRIED).work
    half_a_minute_on = later + timedelta(seconds=31)
    with clock.at(half_a_minute_on):
        second = claim_due(now=half_a_minute_on, worker=1 << 62, pace=HURRIED).work

    assert [work.delivery_id for work in first] == [deliveries[9].pk]
    assert at_once == []
    assert [work.delivery_id for work in second] == [deliveries[10].pk]


def test_the_platforms_own_count_is_heard(scene: Scene) -> None:
    """Somebody else used the account: Loa stops before the platform has to refuse."""
    channel = a_measured_channel(scene, "nghe", 20)
    for number in range(12):
        scene.scheduled(channel, text=f"bài {number}")
    _use_elsewhere(scene, channel, times=12)

    work_off()

    assert rate_limited(scene) == 0
    assert len(scene.ledger()) < 9


def _use_elsewhere(scene: Scene, channel: Channel, *, times: int) -> None:
    from loa.channels.actions import open_grant  # noqa: PLC0415
    from loa.connectors import transport  # noqa: PLC0415
    from loa.connectors.contract import Request, ask  # noqa: PLC0415

    with fence.inside(scene.workspace.pk):
        ref = open_grant(channel)
    headers = {"Authorization": f"Bearer {ref.secret['access_code']}"}
    for _ in range(times):
        url = f"{channel.base_url}/api/v1/me"
        transport.drive(ask(Request("GET", url, headers=headers)), platform="sandbox")
