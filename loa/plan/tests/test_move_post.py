"""Moving posts: the time changes, what was scheduled moves along, and it can be taken back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.ops import clock, fence
from loa.plan import actions
from loa.plan.tests.planning import NOW, at, inside, local, planned_times
from loa.publish.actions import AlreadyDelivered, AlreadySending, MayBeLive, PastTime, schedule_post
from loa.publish.models import Delivery
from loa.workspace.models import Member, Workspace
from tests import cast

pytestmark = pytest.mark.django_db
TUESDAY = "2026-11-17 20:00"


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    with clock.at(NOW):
        workspace = cast.a_workspace()
        with fence.inside(workspace.pk):
            yield workspace


@pytest.fixture
def by(bakery: Workspace) -> Member:
    return cast.the_owner(bakery)


@pytest.fixture
def channels(bakery: Workspace) -> tuple[Channel, Channel]:
    return cast.a_channel(bakery), cast.a_channel(bakery)


def a_planned_post(workspace: Workspace, *channels: Channel) -> Post:
    return cast.a_post(workspace, channels=channels, due_at=at(TUESDAY))


def become(delivery: Delivery, state: str) -> None:
    """Put a delivery where only the dispatcher can bring it."""
    fields: dict[str, object] = {"state": state}
    if state == "sending":
        fields |= {
            "worker": 1,
            "lease_until": NOW,
            "outgoing": {},
            "sending_at": NOW,
            "unproven_since": NOW,
        }
    if state == "delivered":
        fields["external_id"] = "101"
    Delivery.objects.filter(pk=delivery.pk).update(**fields)


def test_a_post_moves_with_everything_that_was_scheduled(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, *channels)
    schedule_post(post, by=by)

    moved = actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)

    assert set(planned_times(post).values()) == {"19 08:00"}
    due = set(Delivery.objects.filter(post=post).values_list("due_at", flat=True))
    assert due == {at("2026-11-19 08:00")}
    assert {day.day for day in moved.days_touched(bakery.time_zone)} == {17, 19}


def test_a_draft_moves_without_being_scheduled(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, *channels)

    actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)

    assert not Delivery.objects.filter(post=post).exists()


def test_only_the_chosen_variants_move(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, *channels)
    first = Variant.objects.get(post=post, channel=channels[0])

    actions.move_post(post, planned=local("2026-11-19 08:00"), by=by, variant_ids=[first.pk])

    assert planned_times(post) == {channels[0].pk: "19 08:00", channels[1].pk: "17 20:00"}


def test_a_move_can_be_taken_back(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, *channels)
    schedule_post(post, by=by)
    Variant.objects.filter(post=post, channel=channels[0]).update(in_queue=True)
    moved = actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)

    actions.undo_move(post, formerly=moved.formerly, by=by)

    assert set(planned_times(post).values()) == {"17 20:00"}
    assert Delivery.objects.filter(post=post, due_at=at(TUESDAY)).count() == 2
    assert Variant.objects.filter(post=post, in_queue=True).count() == 1


def test_a_first_time_can_be_taken_back_too(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = cast.a_post(bakery, channels=channels)
    moved = actions.move_post(post, planned=local(TUESDAY), by=by)

    actions.undo_move(post, formerly=moved.formerly, by=by)

    assert planned_times(post) == {}


def test_taking_back_never_undoes_somebody_elses_move(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, *channels)
    moved = actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)
    actions.move_post(post, planned=local("2026-11-20 08:00"), by=by)

    with pytest.raises(actions.MovedMeanwhile):
        actions.undo_move(post, formerly=moved.formerly, by=by)

    assert set(planned_times(post).values()) == {"20 08:00"}


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("delivered", AlreadyDelivered), ("sending", AlreadySending), ("uncertain", MayBeLive)],
)
def test_what_is_live_or_may_be_does_not_move(
    bakery: Workspace,
    by: Member,
    channels: tuple[Channel, Channel],
    state: str,
    refusal: type[Exception],
) -> None:
    post = a_planned_post(bakery, channels[0])
    [delivery] = schedule_post(post, by=by)
    become(delivery, state)

    with pytest.raises(refusal):
        actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)
    with pytest.raises(refusal):
        actions.move_post(
            post,
            planned=local("2026-11-19 08:00"),
            by=by,
            variant_ids=[delivery.variant_id or 0],
        )

    assert planned_times(post) == {channels[0].pk: "17 20:00"}


def test_what_has_gone_out_stays_while_the_rest_moves(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, *channels)
    schedule_post(post, by=by)
    become(Delivery.objects.get(post=post, channel=channels[0]), "delivered")

    actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)

    assert planned_times(post) == {channels[0].pk: "17 20:00", channels[1].pk: "19 08:00"}


def test_nothing_moves_into_the_past(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, channels[0])

    with pytest.raises(PastTime):
        actions.move_post(post, planned=local("2026-11-16 08:00"), by=by)

    assert planned_times(post) == {channels[0].pk: "17 20:00"}


def test_a_time_that_the_clock_skips_is_answered_with_what_it_becomes() -> None:
    new_york = cast.a_workspace("Riverside NYC", time_zone="America/New_York")
    owner = cast.the_owner(new_york)
    channel = cast.a_channel(new_york)
    post = cast.a_post(new_york, channels=(channel,))
    with inside(new_york):
        moved = actions.move_post(
            post, planned=local("2027-03-14 02:30", "America/New_York"), by=owner
        )

        assert moved.was_skipped
        assert f"{moved.planned.local:%H:%M}" == "03:00"
        [variant] = post.variants.all()
        assert variant.planned_local == "2027-03-14T03:00:00"


def test_a_deleted_post_does_not_move(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, channels[0])
    Post.objects.filter(pk=post.pk).update(deleted_at=NOW)

    with pytest.raises(actions.NothingToMove):
        actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)


def test_a_move_is_news_for_those_who_subscribe(
    bakery: Workspace, by: Member, channels: tuple[Channel, Channel]
) -> None:
    post = a_planned_post(bakery, channels[0])

    with clock.ahead(timedelta(hours=1)):
        actions.move_post(post, planned=local("2026-11-19 08:00"), by=by)

    assert Post.objects.get(pk=post.pk).changed_at == NOW + timedelta(hours=1)
