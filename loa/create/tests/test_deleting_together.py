"""Many posts put in the bin at once lie there as if one by one; what is out stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loa.channels.models import Channel
from loa.content.models import Post
from loa.create import actions
from loa.kernel.errors import LoaError
from loa.ops import clock, fence
from loa.publish import actions as publish
from loa.publish.models import Delivery, DeliveryPart
from loa.workspace.models import AuditEntry, Member, Workspace
from tests import cast
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
AT_WORK = {"worker": 1, "lease_until": cast.A_MONDAY + HOUR, "outgoing": {}}
BEGAN = {"sending_at": cast.A_MONDAY, "unproven_since": cast.A_MONDAY}
STATES: dict[str, dict[str, object]] = {
    "never handed over": {},
    "due": {},
    "cancelled": {"state": "cancelled"},
    "failed": {"state": "failed", "failure_code": "text.refused", "needs_person": True},
    "claimed": {"state": "claimed", **AT_WORK},
    "sending": {"state": "sending", **AT_WORK, **BEGAN},
    "uncertain": {"state": "uncertain", **BEGAN},
    "delivered": {"state": "delivered", "external_id": "1", "url": "https://x.example/1"},
    "half out": {},
    "in the bin": {},
}


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    workspace = cast.a_workspace()
    with clock.at(cast.A_MONDAY), fence.inside(workspace.pk):
        yield workspace


@pytest.fixture
def ana(bakery: Workspace) -> Member:
    return cast.the_owner(bakery)


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery)


def a_post_that_is(state: str, channel: Channel, by: Member) -> Post:
    post = cast.a_post(by.workspace, channels=(channel,), due_at=cast.A_MONDAY + HOUR)
    if state == "never handed over":
        return post
    [delivery] = publish.schedule_post(post, by=by)
    if STATES[state]:
        Delivery.objects.filter(pk=delivery.pk).update(**STATES[state])
    if state == "half out":
        DeliveryPart.objects.create(
            workspace=by.workspace,
            delivery=delivery,
            position=0,
            key="k",
            state="delivered",
            external_id="1",
        )
    if state == "in the bin":
        actions.delete_post(post, by=by)
    return post


def one_by_one(post: Post, by: Member) -> bool:
    try:
        actions.delete_post(post, by=by)
    except LoaError:
        return False
    return True


def rows_of(post: Post) -> list[dict[str, object]]:
    found = [
        *Post.objects.filter(pk=post.pk).values("deleted_at", "wants_sending", "review"),
        *Delivery.objects.filter(post=post).values(
            "state", "worker", "outgoing", "failure_code", "needs_person", "due_at"
        ),
    ]
    subjects = [f"post:{post.pk}", *(f"delivery:{one.pk}" for one in post.deliveries.all())]
    entries = AuditEntry.objects.filter(subject__in=subjects).order_by("number")
    return [dict(row) for row in found] + [{"action": one.action} for one in entries]


def test_each_is_where_it_would_be_alone(ana: Member, channel: Channel) -> None:
    together = {state: a_post_that_is(state, channel, ana) for state in STATES}
    alone = {state: a_post_that_is(state, channel, ana) for state in STATES}

    gone = actions.delete_posts([one.pk for one in together.values()], by=ana)
    gone_alone = {state for state, post in alone.items() if one_by_one(post, ana)}

    assert {state for state, post in together.items() if post.pk in gone} == gone_alone
    assert {"due", "failed", "never handed over", "in the bin", "half out"} <= gone_alone
    assert not {"sending", "uncertain", "delivered"} & gone_alone
    for state in STATES:
        assert rows_of(together[state]) == rows_of(alone[state]), state


def test_a_strangers_post_is_not_touched(ana: Member, channel: Channel) -> None:
    omar = cast.omar()
    with fence.everywhere("make a stranger's post in a test"):
        strange = cast.a_post(omar.workspace)
        mine = a_post_that_is("due", channel, ana)

        assert actions.delete_posts([strange.pk, mine.pk], by=ana) == {mine.pk}
        assert Post.objects.get(pk=strange.pk).deleted_at is None


@pytest.mark.parametrize("count", [2, 40])
def test_forty_cost_as_many_questions_as_two(ana: Member, channel: Channel, count: int) -> None:
    ids = [a_post_that_is("due", channel, ana).pk for _ in range(count)]

    with asks_at_most(12):
        assert actions.delete_posts(ids, by=ana) == set(ids)
