"""What a person decides about failed and uncertain deliveries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from loa.content.models import Post, ReviewRule
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.models import Attempt, Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member, Workspace
from tests.cast import a_channel, a_post, a_workspace, the_owner

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FROZEN = {"document": {}, "language": "vi", "created_at": NINE.isoformat()}


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
def post(workspace: Workspace) -> Post:
    return a_post(workspace, channels=(a_channel(workspace),), due_at=NINE)


@pytest.fixture
def uncertain(post: Post, ana: Member) -> Delivery:
    [delivery] = actions.schedule_post(post, by=ana)
    delivery.parts.create(
        workspace_id=post.workspace_id, position=0, key=f"{delivery.key}.0", state=S.SENDING
    )
    return _changed(
        delivery,
        state=S.UNCERTAIN,
        outgoing=FROZEN,
        sending_at=NINE - HOUR,
        unproven_since=NINE - HOUR,
        needs_person=True,
    )


def _changed(delivery: Delivery, **fields: object) -> Delivery:
    for name, value in fields.items():
        setattr(delivery, name, value)
    delivery.save()
    return delivery


def test_a_member_who_found_the_post_settles_it_with_its_link(
    uncertain: Delivery, ana: Member
) -> None:
    settled = actions.settle_as_live(uncertain, url=" https://town.example/@us/1 ", by=ana)

    assert (settled.state, settled.proof, settled.url) == (
        S.DELIVERED,
        "person",
        "https://town.example/@us/1",
    )
    assert settled.settled_by == ana
    assert Attempt.objects.get().step == "settle"


@pytest.mark.parametrize("link", ["", "town.example/1", "javascript:alert(1)", "http://[::1"])
def test_a_link_that_is_no_web_address_is_refused(
    uncertain: Delivery, ana: Member, link: str
) -> None:
    with pytest.raises(actions.WrongLink):
        actions.settle_as_live(uncertain, url=link, by=ana)


def test_a_post_that_is_not_live_is_sent_again_under_a_fresh_key(
    uncertain: Delivery, ana: Member
) -> None:
    old_key = uncertain.key

    again = actions.settle_as_not_live(uncertain, by=ana, resend=True)

    part = again.parts.get()
    assert (again.state, again.ready_at, again.outgoing) == (S.DUE, NINE, None)
    assert again.key != old_key
    assert part.key == f"{again.key}.0"


def test_a_post_that_is_not_live_may_be_left(uncertain: Delivery, ana: Member) -> None:
    left = actions.settle_as_not_live(uncertain, by=ana, resend=False)

    assert (left.state, left.failure_code, left.needs_person) == (
        S.FAILED,
        "settled.not_live",
        False,
    )


def test_nobody_can_say_it_is_not_live_before_it_had_time_to_appear(
    uncertain: Delivery, ana: Member
) -> None:
    _changed(uncertain, sending_at=NINE, unproven_since=NINE)

    with pytest.raises(actions.TooSoonToTell):
        actions.settle_as_not_live(uncertain, by=ana, resend=True)


def test_what_is_known_needs_no_settling(post: Post, ana: Member) -> None:
    [delivery] = actions.schedule_post(post, by=ana)

    with pytest.raises(actions.NotUncertain):
        actions.settle_as_live(delivery, url="https://x.example/1", by=ana)
    with pytest.raises(actions.NotUncertain):
        actions.settle_as_not_live(delivery, by=ana, resend=True)


def test_a_failed_delivery_is_tried_again_with_a_fresh_hour(post: Post, ana: Member) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _changed(delivery, state=S.FAILED, failure_code="late.missed", tries=10, needs_person=True)

    with clock.at(NINE + 5 * HOUR):
        again = actions.retry_failed(delivery, by=ana)

    assert (again.state, again.tries, again.failure_code) == (S.DUE, 0, "")
    assert (again.ready_at, again.late_after) == (NINE + 5 * HOUR, NINE + 6 * HOUR)


def test_a_retry_does_not_go_round_the_approval(
    workspace: Workspace, post: Post, ana: Member
) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _changed(delivery, state=S.FAILED)
    ReviewRule.objects.create(workspace=workspace, mode=ReviewRule.Mode.ANY)

    with pytest.raises(actions.NotApproved):
        actions.retry_failed(delivery, by=ana)


def test_only_what_failed_is_tried_again(post: Post, ana: Member) -> None:
    [delivery] = actions.schedule_post(post, by=ana)

    with pytest.raises(actions.NotFailed):
        actions.retry_failed(delivery, by=ana)


def test_a_failed_delivery_that_is_left_asks_nobody(post: Post, ana: Member) -> None:
    [delivery] = actions.schedule_post(post, by=ana)
    _changed(delivery, state=S.FAILED, needs_person=True)

    assert not actions.leave_failed(delivery, by=ana).needs_person
