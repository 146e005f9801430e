"""A worker with its threads, as it runs in `loa work`."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from loa.channels.models import Channel
from loa.connectors import transport
from loa.content.models import Post
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Worker
from loa.publish.dispatcher.claims import claim_due
from loa.publish.dispatcher.opening import OpenChannels
from loa.publish.dispatcher.session import Session
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running, running_network
from tests.jobs import cut_connections
from tests.publish.scene import HURRIED, Scene, a_scene, again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(HURRIED)
    made.start()
    yield made
    assert made.stop()


def eventually(is_so: Callable[[], bool], *, within_s: float = 8.0) -> None:
    """Wait until something is so."""
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def sent_now(scene: Scene, channel: Channel) -> list[Delivery]:
    post = scene.post(channel, text="gấp")
    with fence.inside(scene.workspace.pk):
        return actions.send_now(post, by=scene.ana)


def states(scene: Scene) -> list[str]:
    with fence.inside(scene.workspace.pk):
        return sorted(Delivery.all_work.values_list("state", flat=True))


def test_a_worker_sends_what_is_due_over_several_channels(scene: Scene, worker: Worker) -> None:
    channels = [scene.channel(f"tiem{number}") for number in range(5)]
    for number in range(12):
        scene.scheduled(*channels, text=f"bài {number}")
    worker.wake()

    eventually(lambda: set(states(scene)) == {S.DELIVERED})

    assert len(scene.ledger()) == 60
    assert len(set(scene.ledger("tiem0"))) == 12


@pytest.mark.parametrize("other", [(1 << 62) - 1, (1 << 62) + 1])
def test_one_worker_leaves_channels_for_the_others(scene: Scene, other: int) -> None:
    """The first worker held every channel, so four workers sent no more than one."""
    for number in range(10):
        scene.scheduled(scene.channel(f"tiem{number}"), text=f"bài {number}")
    few = replace(HURRIED, senders=4)

    first = claim_due(now=clock.now(), worker=1 << 62, pace=few)
    second = claim_due(now=clock.now(), worker=other, pace=few)

    assert (len(first.work), first.more) == (5, True)
    assert (len(second.work), second.more) == (5, False)


def test_what_a_worker_holds_itself_is_not_read_again_with_every_claim(scene: Scene) -> None:
    """Each claim looked at everything that was claimed anywhere, twice."""

    def read_at_work() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(
                "SELECT idx_tup_read FROM pg_stat_user_indexes"
                " WHERE indexrelname = 'delivery_at_work'"
            )
            return int(cursor.fetchone()[0])

    channels = [scene.channel(f"tiem{number}") for number in range(3)]
    for number in range(60):
        scene.scheduled(channels[number % 3], text=f"bài {number}")
    deep = replace(HURRIED, depth=10, batch=40)
    held = claim_due(now=clock.now(), worker=1 << 62, pace=deep)
    before = read_at_work()

    more = claim_due(now=clock.now(), worker=1 << 62, pace=deep)

    assert (len(held.work), len(more.work)) == (30, 30)
    assert read_at_work() - before < len(channels)


def test_posts_of_a_channel_go_out_in_the_order_of_their_times(scene: Scene) -> None:
    channel, now = scene.channel(), clock.now()
    for number in reversed(range(12)):
        scene.scheduled(channel, text=f"{number:02}", due_at=now - timedelta(seconds=60 - number))
    worker = Worker(HURRIED)
    worker.start()

    eventually(lambda: set(states(scene)) == {S.DELIVERED})
    assert worker.stop()

    assert scene.ledger() == sorted(scene.ledger())


def test_a_worker_wakes_by_itself_at_the_next_due_time(scene: Scene, worker: Worker) -> None:
    due_at = clock.now() + timedelta(seconds=1.2)
    [delivery] = scene.scheduled(scene.channel(), due_at=due_at)
    worker.wake()

    eventually(lambda: again(delivery).state == S.DELIVERED)

    sent_at = again(delivery).sending_at
    assert sent_at
    assert timedelta(0) <= sent_at - due_at < timedelta(seconds=0.5)


def test_a_worker_settles_a_lost_answer_by_itself(scene: Scene, worker: Worker) -> None:
    channel = scene.channel(idempotency="client_id")
    scene.practice.client.add_fault("drop", operation="create_post", when="after")
    scene.scheduled(channel)
    worker.wake()

    eventually(lambda: states(scene) == [S.DELIVERED], within_s=12)

    assert len(scene.ledger()) == 1


def test_a_slow_channel_does_not_hold_up_others(scene: Scene, worker: Worker) -> None:
    slow, quick = scene.channel("cham"), scene.channel("nhanh")
    scene.practice.client.add_fault("slow", account="cham", seconds=3, count=None)
    for number in range(4):
        scene.scheduled(slow, quick, text=f"bài {number}")
    worker.wake()

    eventually(lambda: len(scene.ledger("nhanh")) == 4, within_s=2.5)

    scene.practice.client.clear_faults()
    eventually(lambda: set(states(scene)) == {S.DELIVERED}, within_s=15)


@pytest.mark.parametrize("urgent", [False, True])
def test_a_platform_that_hangs_does_not_hold_up_another_however_many_channels_it_has(
    scene: Scene,
    urgent: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """All that a worker may hold was of the one that hung, and nothing else was claimed."""
    scene.practice.client.add_fault("slow", seconds=5, count=None)
    hanging = [scene.channel(f"cham{number}") for number in range(16)]
    for number in range(6):
        scene.scheduled(*hanging, text=f"bài {number}")
    with running_network() as elsewhere:
        transport.configure(allowed_origins=[scene.practice.base_url, elsewhere.base_url])
        quick = Scene(elsewhere, scene.workspace, scene.ana).channel("nhanh")
        worker = Worker(replace(HURRIED, batch=16))
        worker.start()
        eventually(lambda: states(scene).count(S.SENDING) >= 5)
        [other] = sent_now(scene, quick) if urgent else scene.scheduled(quick)
        worker.wake()

        eventually(lambda: again(other).state == S.DELIVERED, within_s=2.5)

        scene.practice.client.clear_faults()
        assert worker.stop()


def test_no_more_rows_are_sending_than_there_are_senders(scene: Scene) -> None:
    scene.practice.client.add_fault("slow", seconds=0.2, count=None)
    channels = [scene.channel(f"tiem{number}") for number in range(12)]
    scene.scheduled(*channels)
    most = 0
    worker = Worker(HURRIED)
    worker.start()

    def all_delivered() -> bool:
        nonlocal most
        now = states(scene)
        most = max(most, now.count(S.SENDING))
        return set(now) == {S.DELIVERED}

    eventually(all_delivered)
    assert worker.stop()

    assert 0 < most <= HURRIED.senders


def test_a_worker_holds_no_more_than_may_wait_however_often_it_is_woken(scene: Scene) -> None:
    """What is claimed no longer hears of edits; each wake claimed a whole batch more."""
    scene.practice.client.add_fault("slow", seconds=0.3, count=None)
    channels = [scene.channel(f"tiem{number}") for number in range(10)]
    for number in range(4):
        scene.scheduled(*channels, text=f"bài {number}")
    few = replace(HURRIED, batch=8)
    worker = Worker(few)
    worker.start()
    most = 0

    def is_under_way() -> bool:
        nonlocal most
        worker.wake()
        now = states(scene)
        most = max(most, now.count(S.CLAIMED))
        return now.count(S.DELIVERED) >= 16

    eventually(is_under_way)
    worker.stop()
    scene.practice.client.clear_faults()

    assert few.batch <= most <= few.held


def test_pausing_everything_stops_what_is_not_yet_written(scene: Scene) -> None:
    scene.practice.client.add_fault("slow", seconds=0.3, count=None)
    channel = scene.channel()
    for number in range(6):
        scene.scheduled(channel, text=f"bài {number}")
    worker = Worker(HURRIED)
    worker.start()
    eventually(lambda: S.SENDING in states(scene))

    with fence.inside(scene.workspace.pk):
        under_way = actions.pause_all(scene.workspace, by=scene.ana)
    written = len(scene.ledger()) + under_way
    time.sleep(1)

    assert len(scene.ledger()) <= written
    assert states(scene).count(S.DUE) >= 4
    with fence.inside(scene.workspace.pk):
        actions.resume_all(scene.workspace, by=scene.ana)
    worker.wake()
    eventually(lambda: set(states(scene)) == {S.DELIVERED})
    assert worker.stop()


def test_a_stopped_worker_gives_back_what_it_did_not_begin(scene: Scene) -> None:
    scene.practice.client.add_fault("slow", seconds=0.5, count=None)
    channel = scene.channel()
    for number in range(8):
        scene.scheduled(channel, text=f"bài {number}")
    worker = Worker(HURRIED)
    worker.start()
    eventually(lambda: S.SENDING in states(scene))

    assert worker.stop()

    assert set(states(scene)) == {S.DELIVERED, S.DUE}
    assert len(scene.ledger()) == states(scene).count(S.DELIVERED)


def test_stopping_leaves_no_thread_behind(scene: Scene) -> None:
    del scene
    before = set(threading.enumerate())
    worker = Worker(HURRIED)
    worker.start()

    assert worker.stop()

    assert set(threading.enumerate()) <= before


def test_what_could_not_be_opened_ahead_is_opened_by_its_sender(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that no sender learned of would be renewed, and wait, for ever."""

    def fail(_channels: OpenChannels, _works: object) -> None:
        raise RuntimeError("the database went away between claiming and opening")

    monkeypatch.setattr(OpenChannels, "open_ahead", fail)
    scene.scheduled(scene.channel("quancom"), text="bún chả")
    worker = Worker(HURRIED)
    worker.start()

    eventually(lambda: states(scene) == [S.DELIVERED])

    assert worker.stop()


def test_only_a_claim_that_decides_nothing_may_be_lost_with_the_databases_memory(
    scene: Scene,
) -> None:
    def how_it_commits(step: str) -> None:
        if step == "claim.written":
            with connection.cursor() as cursor:
                cursor.execute("SHOW synchronous_commit")
                found.extend(row[0] for row in cursor.fetchall())

    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")  # as in life; a test's database hurries
    channel = scene.channel()
    scene.scheduled(channel, text="phở")
    claim_due(now=clock.now(), worker=1 << 62, pace=HURRIED, checkpoint=how_it_commits)
    [gone] = scene.scheduled(channel, text="bún")
    with fence.inside(scene.workspace.pk):
        Post.objects.filter(pk=gone.post_id).update(deleted_at=clock.now())
    claim_due(now=clock.now(), worker=1 << 62, pace=HURRIED, checkpoint=how_it_commits)

    connection.close()

    assert found == ["off", "on"]


def held_locks() -> set[int]:
    """Return the names of the workers whose locks are held."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT classid::bigint << 32 | objid::bigint FROM pg_locks"
            " WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return {name for (name,) in cursor.fetchall() if name >= 1 << 62}


def test_the_server_asks_whether_the_machine_of_a_worker_is_still_there() -> None:
    """Without power it says no farewell, and its lock was kept for the two hours of TCP."""
    session = Session()
    session.hold()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE source = 'session' AND name LIKE 'tcp%%' ORDER BY 1"
        )
        asked = [name for (name,) in cursor.fetchall()]
    session.release()
    connection.close()

    assert asked == [
        "tcp_keepalives_count",
        "tcp_keepalives_idle",
        "tcp_keepalives_interval",
        "tcp_user_timeout",
    ]


@pytest.fixture
def patient() -> Iterator[Worker]:
    """A worker that neither renews nor lets a lease run out while a test lasts."""
    made = Worker(replace(HURRIED, lease_s=60, renew_s=60))
    made.start()
    yield made
    assert made.stop()


def test_a_worker_whose_connections_were_cut_sends_within_moments(
    scene: Scene, patient: Worker
) -> None:
    channel = scene.channel()
    scene.scheduled(channel, text="bài 1")
    patient.wake()
    eventually(lambda: states(scene) == [S.DELIVERED])

    cut_connections()
    scene.scheduled(channel, text="bài 2")
    patient.wake()
    eventually(lambda: states(scene) == [S.DELIVERED] * 2, within_s=3)

    assert len(scene.ledger()) == 2


def test_a_worker_at_rest_whose_lock_was_cut_goes_on_under_a_new_name(patient: Worker) -> None:
    eventually(lambda: len(held_locks()) == 1)
    before = held_locks()

    cut_connections()
    eventually(lambda: len(held_locks()) == 1 and held_locks() != before, within_s=3)

    assert patient
