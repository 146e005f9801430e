"""Scheduling, cancelling, moving and pausing, before anything is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from loa.channels.models import Channel
from loa.content.models import Post, ReviewRule, Variant
from loa.content.queries import fingerprint_of
from loa.content.rules.planned_time import PlannedTime, planned
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import AuditEntry, Member, Workspace
from tests.cast import a_channel, a_post, a_workspace, the_owner

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_nine() -> Iterator[None]:
    with clock.at(NINE):
        yield


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    made = a_workspace()
    with fence.inside(made.pk):
        yield made


@pytest.fixture
def ana(workspace: Workspace) -> Member:
    return the_owner(workspace)


@pytest.fixture
def channel(workspace: Workspace) -> Channel:
    return a_channel(workspace)


@pytest.fixture
def post(workspace: Workspace, channel: Channel) -> Post:
    return a_post(workspace, channels=(channel,), due_at=NINE + HOUR)


def _put(delivery: Delivery, state: str, **fields: object) -> None:
    at_work: dict[str, object] = {"worker": 1, "lease_until": NINE + HOUR, "outgoing": {}}
    began: dict[str, object] = {"sending_at": NINE - HOUR, "unproven_since": NINE - HOUR}
    by_state: dict[S, dict[str, object]] = {
        S.CLAIMED: at_work,
        S.SENDING: at_work | began,
        S.UNCERTAIN: began,
        S.DELIVERED: {"external_id": "1", "url": "https://x.example/1"},
    }
    more = by_state.get(S(state), {})
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **more, **fields)


def test_scheduling_hands_over_each_variant_with_a_time(
    workspace: Workspace, post: Post, ana: Member
) -> None:
    Variant.objects.create(workspace=workspace, post=post, channel=a_channel(workspace))

    [delivery] = actions.schedule_post(post, by=ana)

    assert (delivery.state, delivery.due_at, delivery.ready_at) == (S.DUE, NINE + HOUR, NINE + HOUR)
    assert delivery.late_after == NINE + 2 * HOUR
    assert AuditEntry.objects.in_workspace(workspace).latest("number").action == "post.scheduled"


def test_scheduling_twice_changes_nothing(post: Post, ana: Member) -> None:
    first = actions.schedule_post(post, by=ana)

    with clock.at(NINE + timedelta(minutes=1)):
        second = actions.schedule_post(post, by=ana)

    assert second == first
    assert Delivery.objects.get().scheduled_at == NINE


def test_a_time_that_passed_is_refused(workspace: Workspace, channel: Channel, ana: Member) -> None:
    post = a_post(workspace, channels=(channel,), due_at=NINE - timedelta(minutes=6))

    with pytest.raises(actions.PastTime):
        actions.schedule_post(post, by=ana)

    assert not Delivery.objects.exists()


def test_a_time_two_minutes_ago_means_now(
    workspace: Workspace, channel: Channel, ana: Member
) -> None:
    post = a_post(workspace, channels=(channel,), due_at=NINE - timedelta(minutes=2))

    assert actions.schedule_post(post, by=ana)


def test_a_post_without_a_time_is_refused(
    workspace: Workspace, channel: Channel, ana: Member
) -> None:
    with pytest.raises(actions.NoTimeSet):
        actions.schedule_post(a_post(workspace, channels=(channel,)), by=ana)


def test_an_empty_post_is_refused(workspace: Workspace, channel: Channel, ana: Member) -> None:
    post = a_post(workspace, text="  ", channels=(channel,), due_at=NINE + HOUR)

    with pytest.raises(actions.NothingToSend):
        actions.schedule_post(post, by=ana)


def test_a_deleted_post_is_refused(post: Post, ana: Member) -> None:
    Post.objects.update(deleted_at=NINE)

    with pytest.raises(actions.PostDeleted):
        actions.schedule_post(post, by=ana)


def test_a_lost_channel_is_refused_by_name(post: Post, channel: Channel, ana: Member) -> None:
    Channel.objects.update(state=Channel.State.LOST)

    with pytest.raises(actions.ChannelNotConnected) as refused:
        actions.schedule_post(post, by=ana)

    assert [one.channel_id for one in refused.value.variants] == [channel.pk]


def test_a_text_over_the_limit_is_refused_with_its_finding(
    workspace: Workspace, channel: Channel, ana: Member
) -> None:
    post = a_post(workspace, text="a" * 501, channels=(channel,), due_at=NINE + HOUR)

    with pytest.raises(actions.HasBlockingFindings) as refused:
        actions.schedule_post(post, by=ana)

    assert refused.value.findings[channel.pk][0].code == "text.too_long"


def test_what_is_not_approved_is_refused_and_what_is_approved_goes(
    workspace: Workspace, post: Post, ana: Member
) -> None:
    ReviewRule.objects.create(workspace=workspace, mode=ReviewRule.Mode.ANY)

    with pytest.raises(actions.NotApproved):
        actions.schedule_post(post, by=ana)

    Post.objects.update(approved_fingerprint=fingerprint_of(post))
    assert actions.schedule_post(post, by=ana)


def test_send_now_goes_ahead_of_what_waits(post: Post, ana: Member) -> None:
    actions.schedule_post(post, by=ana)

    [delivery] = actions.send_now(post, by=ana)

    assert (delivery.urgent, delivery.due_at) == (True, NINE)
    assert Variant.objects.get().planned_at == NINE


def test_a_cancelled_post_is_not_due_and_can_be_scheduled_again(post: Post, ana: Member) -> None:
    actions.schedule_post(post, by=ana)

    actions.cancel_post(post, by=ana)

    assert Delivery.objects.get().state == S.CANCELLED
    [delivery] = actions.schedule_post(post, by=ana)
    assert delivery.state == S.DUE


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (S.SENDING, actions.AlreadySending),
        (S.DELIVERED, actions.AlreadyDelivered),
        (S.UNCERTAIN, actions.MayBeLive),
    ],
)
def test_a_cancellation_that_comes_too_late_is_refused_by_name(
    post: Post, ana: Member, state: str, refusal: type[actions.CannotCancel]
) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _put(delivery, state)

    with pytest.raises(refusal):
        actions.cancel_post(post, by=ana)
    with pytest.raises(refusal):
        actions.cancel_delivery(delivery, by=ana)

    assert Delivery.objects.get().state == state


def test_a_cancellation_is_honoured_while_a_worker_only_holds_the_post(
    post: Post, ana: Member
) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _put(delivery, S.CLAIMED)

    actions.cancel_delivery(delivery, by=ana)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.worker) == (S.CANCELLED, None)


def test_cancelling_a_half_sent_post_stops_the_rest_and_says_what_was_too_late(
    workspace: Workspace, post: Post, ana: Member
) -> None:
    Variant.objects.create(
        workspace=workspace,
        post=post,
        channel=a_channel(workspace),
        planned_local="2026-03-02T03:00:00",
        planned_zone="UTC",
        planned_at=NINE + HOUR,
    )
    live, waiting = actions.schedule_post(post, by=ana)
    _put(live, S.DELIVERED)

    cancelled = actions.cancel_post(post, by=ana)

    assert [one.pk for one in cancelled.stopped] == [waiting.pk]
    assert isinstance(cancelled.refused[0], actions.AlreadyDelivered)


def test_stopping_a_thread_that_is_half_live_does_not_hide_its_live_part(
    post: Post, ana: Member
) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    delivery.parts.create(
        workspace_id=post.workspace_id, position=0, key="k.0", state=S.DELIVERED, external_id="1"
    )

    actions.cancel_delivery(delivery, by=ana)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.failure_code) == (S.FAILED, "thread.stopped")


def test_moving_a_post_moves_its_delivery(post: Post, ana: Member) -> None:
    actions.schedule_post(post, by=ana)
    later = planned(NINE + 5 * HOUR, "Asia/Ho_Chi_Minh")

    actions.reschedule_variants(post, times={post.variants.get().pk: later}, by=ana)

    delivery, variant = Delivery.objects.get(), Variant.objects.get()
    assert delivery.due_at == delivery.ready_at == variant.planned_at == NINE + 5 * HOUR
    assert variant.planned_local == "2026-03-02T14:00:00"


def test_a_draft_only_gets_the_time(post: Post, ana: Member) -> None:
    later = planned(NINE + 5 * HOUR, "UTC")

    actions.reschedule_variants(post, times={post.variants.get().pk: later}, by=ana)

    assert not Delivery.objects.exists()


def test_what_is_live_cannot_be_moved(post: Post, ana: Member) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _put(delivery, S.DELIVERED)

    with pytest.raises(actions.AlreadyDelivered):
        actions.reschedule_variants(
            post, times={post.variants.get().pk: planned(NINE + 5 * HOUR, "UTC")}, by=ana
        )

    assert Variant.objects.get().planned_at == NINE + HOUR


def test_moving_into_the_past_is_refused(post: Post, ana: Member) -> None:
    with pytest.raises(actions.PastTime):
        actions.reschedule_variants(
            post, times={post.variants.get().pk: planned(NINE - HOUR, "UTC")}, by=ana
        )


def test_a_time_in_a_clock_change_goes_out_once_at_the_next_valid_instant(
    post: Post, ana: Member
) -> None:
    """DST shifts: seen in other schedulers. 2:30 does not exist in New York on 8 March 2026."""
    gap = PlannedTime(datetime.fromisoformat("2026-03-08T02:30"), "America/New_York")
    actions.schedule_post(post, by=ana)

    actions.reschedule_variants(post, times={post.variants.get().pk: gap}, by=ana)

    assert Delivery.objects.get().due_at == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_a_change_of_the_zone_rules_moves_the_instant_and_keeps_the_promise(
    post: Post, ana: Member
) -> None:
    """Zone shifts: seen in other schedulers. As if computed under rules one hour off."""
    actions.schedule_post(post, by=ana)
    Variant.objects.update(planned_at=NINE + 2 * HOUR)
    Delivery.objects.update(due_at=NINE + 2 * HOUR, ready_at=NINE + 2 * HOUR)

    moved = actions.rematerialise_times(Variant.objects.select_related("post"))

    assert len(moved) == 1
    assert Variant.objects.get().planned_at == NINE + HOUR
    assert Delivery.objects.get().ready_at == NINE + HOUR


def test_pausing_says_how_much_was_on_its_way_and_keeps_the_first_name(
    workspace: Workspace, post: Post, ana: Member
) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _put(delivery, S.SENDING)

    assert actions.pause_all(workspace, by=ana) == 1
    with clock.at(NINE + HOUR):
        actions.pause_all(workspace, by=ana)

    workspace.refresh_from_db()
    assert (workspace.sending_paused_at, workspace.sending_paused_by) == (NINE, ana)
    actions.resume_all(workspace, by=ana)
    workspace.refresh_from_db()
    assert workspace.sending_paused_at is None


def test_a_channel_is_paused_and_resumed(channel: Channel, ana: Member) -> None:
    actions.pause_channel(channel, by=ana)
    channel.refresh_from_db()
    assert channel.paused_by == ana

    actions.resume_channel(channel, by=ana)
    channel.refresh_from_db()
    assert channel.paused_at is None


def test_a_withdrawn_variant_can_be_deleted(post: Post, ana: Member) -> None:
    actions.schedule_post(post, by=ana)
    variant = post.variants.get()

    actions.withdraw_variant(variant, by=ana)
    variant.delete()

    assert not Delivery.objects.exists()
