"""An approval that has ended lets nothing out, whatever races."""

from datetime import timedelta

import pytest

from loa.content.models import Post, ReviewRule
from loa.content.queries import fingerprint_of
from loa.create import actions as desk
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.today.queries.needs import count_needs, needs_of
from loa.today.rules.needs import Kind
from loa.workspace.models import Member
from practice_network.testing import Running
from tests import cast
from tests.publish.scene import Scene, a_scene, again, work_off
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

DAY = timedelta(days=1)


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def approved(scene: Scene, by: Member, *, handle: str, days_ago: float) -> Delivery:
    """Hand over a post that was approved so long ago, under a rule of three days."""
    with fence.inside(scene.workspace.pk):
        ReviewRule.objects.update_or_create(
            workspace=scene.workspace, defaults={"mode": "any", "good_for_days": 3}
        )
    post = scene.post(scene.channel(handle), text=f"ở {handle}")
    with fence.inside(scene.workspace.pk):
        desk.request_review(post, by=scene.ana)
        desk.approve(post, fingerprint=fingerprint_of(post), by=by)
        [delivery] = actions.schedule_post(post, by=scene.ana)
        Post.objects.filter(pk=post.pk).update(approved_at=clock.now() - days_ago * DAY)
    return delivery


def test_an_approval_goes_out_while_it_is_good_and_not_after(scene: Scene) -> None:
    chloe = cast.chloe(scene.workspace)
    good = approved(scene, chloe, handle="tot", days_ago=2.9)
    ended = approved(scene, chloe, handle="het", days_ago=3.1)

    work_off()

    assert again(good).state == S.DELIVERED
    assert (again(ended).state, again(ended).failure_code) == (S.FAILED, "review.ended")
    assert scene.ledger() == ["ở tot"]


def test_an_ended_approval_blocks_scheduling_by_name(scene: Scene) -> None:
    ended = approved(scene, cast.chloe(scene.workspace), handle="het", days_ago=4)

    with fence.inside(scene.workspace.pk):
        actions.cancel_delivery(ended, by=scene.ana)
        with pytest.raises(actions.ApprovalEnded):
            actions.schedule_post(ended.post, by=scene.ana)


def test_asking_again_makes_an_old_vote_count_no_more(scene: Scene) -> None:
    chloe = cast.chloe(scene.workspace)
    ended = approved(scene, chloe, handle="lai", days_ago=4)
    later = clock.now() + 4 * DAY
    with fence.inside(scene.workspace.pk), clock.at(later):
        desk.request_review(ended.post, by=scene.ana)
        asked = Post.objects.get(pk=ended.post_id)
        before = asked.review

        agreed = desk.approve(asked, fingerprint=fingerprint_of(asked), by=chloe)

    assert before == Post.Review.REQUESTED
    assert agreed.is_complete
    assert agreed.post.approved_at == later


def test_approving_again_while_it_is_claimed_sends_it_only_with_a_good_approval(
    scene: Scene,
) -> None:
    """Approve, end and claim meet: it goes out with the new approval, or is refused."""
    chloe = cast.chloe(scene.workspace)
    for number in range(5):
        delivery = approved(scene, chloe, handle=f"dua{number}", days_ago=3.5)
        with fence.inside(scene.workspace.pk):
            desk.request_review(delivery.post, by=scene.ana)

        def approve_again(delivery: Delivery = delivery) -> None:
            with fence.inside(scene.workspace.pk):
                post = Post.objects.get(pk=delivery.post_id)
                desk.approve(post, fingerprint=fingerprint_of(post), by=chloe)

        [approving, sending] = at_once(approve_again, work_off)

        assert approving is None
        assert isinstance(sending, int)
        after = again(delivery)
        live = f"ở dua{number}" in scene.ledger()
        assert live == (after.state == S.DELIVERED)
        if live:
            with fence.inside(scene.workspace.pk):
                approved_at = Post.objects.get(pk=delivery.post_id).approved_at
            assert approved_at
            assert after.claimed_at
            assert after.claimed_at - approved_at < 3 * DAY
        else:
            assert after.failure_code in {"", "review.ended"}


def test_today_and_the_post_tell_of_it_and_one_click_asks_again(scene: Scene) -> None:
    delivery = approved(scene, cast.chloe(scene.workspace), handle="hom", days_ago=4)
    with fence.inside(scene.workspace.pk):
        kinds = [one.kind for one in needs_of(scene.ana, now=clock.now())]
        counted = count_needs(scene.ana, now=clock.now())
    ana = cast.signed_in(scene.ana)
    page = f"/w/{scene.workspace.slug}/posts/{delivery.post_id}/"

    shown = ana.get(page).content.decode()
    asked = ana.post(f"{page}ask-again/")

    assert Kind.APPROVAL_ENDED in kinds
    assert counted == len([one for one in kinds if one is not Kind.FREE_SLOTS])
    assert "ask-again" in shown
    assert asked.status_code == 302
    with fence.inside(scene.workspace.pk):
        assert Post.objects.get(pk=delivery.post_id).review == Post.Review.REQUESTED


def test_a_number_of_days_that_is_none_is_refused_and_changes_nothing(scene: Scene) -> None:
    ana = cast.signed_in(scene.ana)
    where = f"/w/{scene.workspace.slug}/review-rule/"

    ana.post(where, {"mode": "any", "good_for_days": "bao nhiêu cũng được"})
    with fence.inside(scene.workspace.pk):
        before = ReviewRule.objects.filter(workspace=scene.workspace).count()
    ana.post(where, {"mode": "any", "good_for_days": "14"})

    assert before == 0
    with fence.inside(scene.workspace.pk):
        assert ReviewRule.objects.get(workspace=scene.workspace).good_for_days == 14
