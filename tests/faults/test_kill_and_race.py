"""F1, F4, F11: workers die at every step, race each other, and meet edits and cancellations.

The practice network's ledger is the witness: 0 duplicates, 0 lost.
"""

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection

from loa.content.models import Post, ReviewRule
from loa.content.queries import fingerprint_of
from loa.content.rules.document import Document, Part
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Worker
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.faults.workers import all_work, eventually, is_settled, worker_process
from tests.publish.scene import HURRIED, Scene, a_scene
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

STEPS = [
    "claim.written",
    "claim.committed",
    "send.begun",
    "stage.done",
    "mark.written",
    "mark.committed",
    "visible.before",
    "visible.answered",
    "result.written",
    "result.committed",
    "look.before",
    "look.after",
]
CLASSES = ["native_key", "client_id", "handle_read_back", "feed_read_back", "none"]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def judge(scene: Scene) -> None:
    """Compare every delivery with the ledger: nothing twice, nothing lost, nothing hidden."""
    published = Counter(scene.ledger())
    assert not [text for text, count in published.items() if count > 1], "published twice"
    for delivery in all_work():
        said = (
            [part.caption for part in delivery.variant.document.parts] if delivery.variant else []
        )
        live = [text for text in said if published[text]]
        if delivery.state == S.DELIVERED:
            assert live == said, "delivered, but not in the ledger"
        else:
            # Where nothing can be read back, a person is asked.
            assert delivery.channel.facts["idempotency"] == "none"
            assert (delivery.state, delivery.needs_person) == (S.UNCERTAIN, True)


def test_a_worker_killed_at_any_step_loses_nothing_and_repeats_nothing(scene: Scene) -> None:
    """F1, each step in each idempotency class, threads included."""
    channels = {name: scene.channel(name.replace("_", ""), idempotency=name) for name in CLASSES}
    died = []
    for step in STEPS:
        if step.startswith("look"):
            # Something to look up: an accepted post whose answer gets lost.
            scene.practice.client.add_fault(
                "drop", operation="create_post", account="feedreadback", when="after"
            )
        for name, channel in channels.items():
            scene.scheduled(channel, parts=[f"{step} {name} 1", f"{step} {name} 2"])
        with worker_process(scene.practice.base_url, step=step, occurrence=1) as process:
            try:
                process.wait(60)
                died.append(step)
            except subprocess.TimeoutExpired:
                pass

    with worker_process(scene.practice.base_url):
        done = eventually(lambda: all(map(is_settled, all_work())), within_s=90)

    assert died == STEPS
    assert done, [
        (one.state, one.failure_code, one.channel.facts, one.look_at, one.clean_misses)
        for one in all_work()
        if not is_settled(one)
    ]
    judge(scene)


def test_racing_workers_and_schedulers_publish_everything_once(scene: Scene) -> None:
    """F4: N schedulers posting N times, and a rotation race: seen in other schedulers."""
    channels = [scene.channel(f"tiem{number}") for number in range(6)]
    posts = [scene.post(*channels, text=f"bài {number}") for number in range(15)]
    origin = scene.practice.base_url

    def schedule_all() -> None:
        for post in posts:
            # The slower of the two may find everything of a post sent: it is told so by name.
            with suppress(actions.NoTimeSet), fence.inside(scene.workspace.pk):
                actions.schedule_post(post, by=scene.ana)

    with worker_process(origin), worker_process(origin), worker_process(origin):
        outcomes = at_once(schedule_all, schedule_all)
        done = eventually(
            lambda: len(all_work()) == 90 and all(map(is_settled, all_work())), within_s=90
        )

    assert outcomes == [None, None]
    assert done, Counter(one.state for one in all_work())
    for number in range(6):
        assert sorted(scene.ledger(f"tiem{number}")) == sorted(f"bài {n}" for n in range(15))


def test_an_edit_around_the_claim_sends_the_old_words_or_the_new_never_a_mixture(
    scene: Scene,
) -> None:
    """F11 for edits: both parts of the thread come from the same revision."""
    channel = scene.channel()
    deliveries = [
        scene.scheduled(channel, parts=[f"{number} cũ 1", f"{number} cũ 2"])[0]
        for number in range(12)
    ]
    worker = Worker(HURRIED)

    def edit() -> None:
        for number, delivery in enumerate(deliveries):
            new = Document((Part(f"{number} mới 1"), Part(f"{number} mới 2"))).to_json()
            with fence.inside(scene.workspace.pk):
                post = Post.objects.select_for_update().get(pk=delivery.post_id)
                post.shared = new
                post.save(update_fields=["shared"])
            time.sleep(0.01)

    editing = threading.Thread(target=_closing(edit))
    editing.start()
    worker.start()
    done = eventually(lambda: all(map(is_settled, all_work())), within_s=60)
    editing.join()
    assert worker.stop()

    assert done
    texts = scene.ledger()
    assert len(texts) == len(set(texts)) == 24
    for number in range(12):
        words = {text.split()[1] for text in texts if text.split()[0] == str(number)}
        assert len(words) == 1


def test_a_cancellation_around_the_claim_is_honoured_or_refused_never_lost(scene: Scene) -> None:
    """F11 for cancellations: what was told as cancelled is not in the ledger."""
    channel = scene.channel()
    deliveries = [scene.scheduled(channel, text=f"bài {number}")[0] for number in range(24)]
    worker = Worker(HURRIED)
    told: dict[str, str] = {}

    def cancel() -> None:
        for number, delivery in reversed(list(enumerate(deliveries))):
            try:
                with fence.inside(scene.workspace.pk):
                    actions.cancel_delivery(delivery, by=scene.ana)
                told[f"bài {number}"] = "cancelled"
            except actions.CannotCancel as refusal:
                told[f"bài {number}"] = type(refusal).__name__

    cancelling = threading.Thread(target=_closing(cancel))
    worker.start()
    time.sleep(0.1)
    cancelling.start()
    done = eventually(lambda: all(map(is_settled, all_work())), within_s=60)
    cancelling.join()
    assert worker.stop()

    assert done
    published = set(scene.ledger())
    assert len(scene.ledger()) == len(published)
    for text, answer in told.items():
        assert (text in published) == (answer != "cancelled"), (text, answer)


def test_a_withdrawn_approval_around_the_claim_sends_nothing_unapproved(scene: Scene) -> None:
    """F11 for approvals: only words that carried the seal are in the ledger."""
    channel = scene.channel()
    with fence.inside(scene.workspace.pk):
        ReviewRule.objects.create(workspace=scene.workspace, mode=ReviewRule.Mode.ANY)
    posts = [scene.post(channel, text=f"đã duyệt {number}") for number in range(12)]
    for post in posts:
        with fence.inside(scene.workspace.pk):
            Post.objects.filter(pk=post.pk).update(approved_fingerprint=fingerprint_of(post))
            actions.schedule_post(post, by=scene.ana)

    def edit() -> None:
        for post in posts:
            new = Document((Part("chưa duyệt"),)).to_json()
            with fence.inside(scene.workspace.pk):
                locked = Post.objects.select_for_update().get(pk=post.pk)
                locked.shared = new
                locked.save(update_fields=["shared"])
            time.sleep(0.01)

    worker = Worker(HURRIED)
    editing = threading.Thread(target=_closing(edit))
    editing.start()
    worker.start()
    done = eventually(lambda: all(map(is_settled, all_work())), within_s=60)
    editing.join()
    assert worker.stop()

    assert done
    assert "chưa duyệt" not in scene.ledger()
    refused = [one for one in all_work() if one.failure_code == "review.not_approved"]
    assert len(refused) + len(scene.ledger()) == 12


def test_a_dead_workers_claims_are_taken_over_at_once(scene: Scene) -> None:
    """Rows stuck with nothing behind them: seen in other schedulers."""
    scene.scheduled(scene.channel(), text="treo")
    with worker_process(scene.practice.base_url, step="send.begun", occurrence=1) as process:
        process.wait(60)
    [stuck] = all_work()
    began = clock.monotonic_s()

    with worker_process(scene.practice.base_url):
        assert eventually(lambda: all_work()[0].state == S.DELIVERED, within_s=60)

    assert stuck.state == S.CLAIMED
    assert clock.monotonic_s() - began < 20


def _closing(work: Callable[[], None]) -> Callable[[], None]:
    """Close the thread's own connection when it is done."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
