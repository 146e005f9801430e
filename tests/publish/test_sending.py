"""Sending through the real practice network, with a worker that works in this thread."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loa.channels.models import Channel
from loa.connectors.contract import Media
from loa.content.models import Post, ReviewRule
from loa.content.queries import fingerprint_of
from loa.content.rules.document import Part
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Pace
from loa.publish.dispatcher.opening import OpenChannels
from loa.publish.models import Attempt, Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.publish.scene import HURRIED, Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


def test_a_due_post_is_published_once_with_a_receipt(scene: Scene) -> None:
    [delivery] = scene.scheduled(scene.channel())

    assert work_off() == 1
    assert work_off() == 0

    sent = again(delivery)
    assert scene.ledger() == ["Bánh mì nóng đây!"]
    assert (sent.state, sent.proof, sent.tries) == (S.DELIVERED, "answer", 0)
    assert sent.url.startswith(scene.practice.base_url)
    assert sent.claimed_at
    assert sent.sending_at
    assert sent.delivered_at
    assert sent.due_at <= sent.claimed_at <= sent.sending_at <= sent.delivered_at
    assert (sent.unproven_since, sent.worker, sent.lease_until) == (None, None, None)
    assert [attempt.outcome for attempt in sent.attempt_log.all()] == ["ok"]


def test_what_is_not_due_stays(scene: Scene) -> None:
    scene.scheduled(scene.channel(), due_at=clock.now() + MINUTE)

    assert work_off() == 0
    assert work_off(at=clock.now() + 2 * MINUTE) == 1


def test_a_thread_hangs_together(scene: Scene) -> None:
    [delivery] = scene.scheduled(scene.channel(), parts=["một", "hai", "ba"])

    work_off()

    sent, parts = again(delivery), list(delivery.parts.order_by("position"))
    entries = scene.practice.client.posts_in_ledger()
    assert scene.ledger() == ["một", "hai", "ba"]
    assert [entry["payload"]["reply_to"] for entry in entries] == [
        None,
        parts[0].external_id,
        parts[1].external_id,
    ]
    assert (sent.state, sent.external_id) == (S.DELIVERED, parts[0].external_id)


def test_a_thread_resumes_at_the_first_part_that_is_not_live(scene: Scene) -> None:
    """Partial failure shown as failure, or sent again whole: seen in other schedulers."""
    channel = scene.channel()
    scene.practice.client.add_fault("rate_limit", operation="create_post", skip=1, retry_after_s=30)
    [delivery] = scene.scheduled(channel, parts=["một", "hai", "ba"])

    work_off()
    half = again(delivery)
    with fence.inside(scene.workspace.pk):
        Post.objects.update(shared={"parts": [{"caption": "khác"}]})
    work_off(at=clock.now() + MINUTE)

    assert (half.state, half.failure_code) == (S.DUE, "rate.limited")
    assert scene.ledger() == ["một", "hai", "ba"]
    assert again(delivery).state == S.DELIVERED


def test_the_first_comment_follows_as_work_of_its_own(scene: Scene) -> None:
    [delivery] = scene.scheduled(scene.channel(), first_comment="Đặt ở đây nhé")

    work_off()

    [post, comment] = scene.practice.client.posts_in_ledger()
    assert comment["payload"]["reply_to"] == post["subject"]
    assert Delivery.all_work.filter(after=delivery).get().state == S.DELIVERED
    assert Delivery.objects.count() == 1


def test_a_failed_comment_never_makes_a_delivered_post_failed_nor_sends_it_again(
    scene: Scene,
) -> None:
    """Publish re-run after a post-publish error: seen in other schedulers."""
    channel = scene.channel()
    scene.practice.client.add_fault(
        "status", operation="create_post", when="before", skip=1, count=None, status=422
    )
    [delivery] = scene.scheduled(channel, first_comment="Đặt ở đây nhé")

    work_off()
    work_off(at=clock.now() + MINUTE)

    comment = Delivery.all_work.get(after=delivery)
    assert again(delivery).state == S.DELIVERED
    assert (comment.state, comment.needs_person) == (S.FAILED, True)
    assert len(scene.ledger()) == 1


def test_an_approval_that_was_broken_after_scheduling_keeps_the_post_in(scene: Scene) -> None:
    channel = scene.channel()
    post = scene.post(channel, due_at=clock.now())
    ReviewRule.objects.create(workspace=scene.workspace, mode=ReviewRule.Mode.ANY)
    Post.objects.update(approved_fingerprint=fingerprint_of(post))
    [delivery] = actions.schedule_post(post, by=scene.ana)
    Post.objects.update(shared={"parts": [{"caption": "chưa ai xem"}]})

    work_off()

    kept = again(delivery)
    assert (kept.state, kept.failure_code) == (S.FAILED, "review.not_approved")
    assert scene.ledger() == []


def test_an_approved_post_goes_out(scene: Scene) -> None:
    post = scene.post(scene.channel())
    ReviewRule.objects.create(workspace=scene.workspace, mode=ReviewRule.Mode.ANY)
    Post.objects.update(approved_fingerprint=fingerprint_of(post))
    actions.schedule_post(post, by=scene.ana)

    work_off()

    assert len(scene.ledger()) == 1


def test_a_paused_workspace_sends_nothing_and_counts_no_failure(scene: Scene) -> None:
    [delivery] = scene.scheduled(scene.channel())
    actions.pause_all(scene.workspace, by=scene.ana)

    work_off()
    waiting = again(delivery)
    actions.resume_all(scene.workspace, by=scene.ana)
    work_off()

    assert (waiting.state, waiting.tries) == (S.DUE, 0)
    assert again(delivery).state == S.DELIVERED


def test_a_paused_channel_waits_while_others_send(scene: Scene) -> None:
    paused, free = scene.channel("an"), scene.channel("binh")
    actions.pause_channel(paused, by=scene.ana)
    scene.scheduled(paused, free)

    work_off()

    assert (len(scene.ledger("an")), len(scene.ledger("binh"))) == (0, 1)


def test_a_dead_token_marks_the_channel_and_keeps_its_queue(scene: Scene) -> None:
    lost, fine = scene.channel("an"), scene.channel("binh")
    scene.practice.client.add_fault("dead_token", account="an", count=None)
    [delivery] = [one for one in scene.scheduled(lost, fine) if one.channel_id == lost.pk]

    work_off()

    lost.refresh_from_db()
    assert lost.state == Channel.State.LOST
    assert (again(delivery).state, again(delivery).tries) == (S.DUE, 0)
    assert len(scene.ledger("binh")) == 1


def test_a_server_error_on_a_read_does_not_disconnect_a_channel(scene: Scene) -> None:
    """A transient error disconnecting a channel: seen in other schedulers."""
    channel = scene.channel(idempotency="feed_read_back")
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=503)
    [delivery] = scene.scheduled(channel)

    work_off()

    channel.refresh_from_db()
    assert channel.state == Channel.State.CONNECTED
    assert again(delivery).state in {S.DUE, S.UNCERTAIN}


def test_a_rate_limit_holds_its_channel_and_no_other(scene: Scene) -> None:
    held, free = scene.channel("an"), scene.channel("binh")
    scene.practice.client.add_fault(
        "rate_limit", account="an", operation="create_post", retry_after_s=30
    )
    scene.scheduled(held, free)
    scene.scheduled(held, text="thứ hai")

    work_off()
    early = len(scene.ledger("an"))
    work_off(at=clock.now() + MINUTE)

    assert (early, len(scene.ledger("binh"))) == (0, 1)
    assert sorted(scene.ledger("an")) == ["Bánh mì nóng đây!", "thứ hai"]


def test_a_refusal_fails_at_once_and_says_why(scene: Scene) -> None:
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)
    [delivery] = scene.scheduled(scene.channel())

    work_off()

    failed = again(delivery)
    assert (failed.state, failed.needs_person) == (S.FAILED, True)
    assert failed.failure_code
    assert Attempt.objects.get().status == 422


def test_what_was_missed_by_more_than_an_hour_asks_a_person(scene: Scene) -> None:
    [delivery] = scene.scheduled(scene.channel())

    work_off(at=clock.now() + 61 * MINUTE)

    missed = again(delivery)
    assert (missed.state, missed.failure_code) == (S.FAILED, "late.missed")
    assert scene.ledger() == []


def test_what_was_missed_by_less_goes_out_late(scene: Scene) -> None:
    scene.scheduled(scene.channel())

    work_off(at=clock.now() + 59 * MINUTE)

    assert len(scene.ledger()) == 1


def test_a_deleted_post_is_not_sent(scene: Scene) -> None:
    [delivery] = scene.scheduled(scene.channel())
    Post.objects.update(deleted_at=clock.now())

    work_off()

    assert again(delivery).state == S.CANCELLED
    assert scene.ledger() == []


def test_urgent_work_does_not_stand_behind_bulk_work(scene: Scene) -> None:
    """Urgent work stuck behind bulk work: seen in other schedulers."""
    channel = scene.channel()
    for number in range(20):
        scene.scheduled(channel, text=f"thường {number}")
    actions.send_now(scene.post(channel, text="gấp"), by=scene.ana)

    work_off()

    assert scene.ledger()[0] == "gấp"
    assert len(scene.ledger()) == 21


def test_a_post_that_waited_long_is_not_repeated_for_each_time_it_was_missed(
    scene: Scene,
) -> None:
    """Recurrence anchored to a start time bursting a year of posts: seen in other schedulers."""
    [delivery] = scene.scheduled(scene.channel())
    for _ in range(5):
        actions.schedule_post(delivery.post, by=scene.ana)

    work_off(at=clock.now() + 30 * MINUTE)

    assert len(scene.ledger()) == 1


@pytest.mark.parametrize("error", [ValueError("hỏng"), KeyError("id"), MemoryError()])
def test_a_bug_before_the_call_fails_only_that_delivery_and_is_not_published(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Poisoned media, a full disk: only that delivery waits, with its reason."""

    def poisoned(_channels: object, _opened: object, part: Part) -> tuple[Media, ...]:
        if part.caption == "độc":
            raise error
        return ()

    monkeypatch.setattr(OpenChannels, "pictures", poisoned)
    channel = scene.channel()
    [bad] = scene.scheduled(channel, text="độc")
    [good] = scene.scheduled(channel, text="lành")

    work_off()

    assert (again(bad).state, again(bad).failure_code) == (S.DUE, "loa.broken")
    assert again(good).state == S.DELIVERED
    assert scene.ledger() == ["lành"]


def test_the_pace_of_the_product_is_the_documented_one() -> None:
    pace = Pace()

    assert pace.patience.between_looks == MINUTE
    assert pace.lease_s == 60
    assert HURRIED.depth == pace.depth
